// What a stranger says at an engine's door: bytes in any pieces, and messages that are nearly
// right. Input, again and again: 1 byte what follows, 1 byte its length, the content.
//   0: raw bytes   1: a message, its kind first   2: a good Hello, its job and nonce   3: a Proof
// Nobody is let in without the key, and nobody gets more memory than a greeting takes.
#include "transport/control/greeting.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "fuzz/input.hpp"
#include "transport/control/message_stream.hpp"
#include "wire/run.hpp"

namespace {

using buddy::fuzz::require;
using Bytes = std::vector<std::byte>;

constexpr buddy::JobKey key{{0x0123456789abcdef, 0x0fedcba987654321}};

template <std::size_t Size>
void fill(std::array<std::byte, Size>& out, const Bytes& from, std::size_t offset) {
  for (std::size_t i = 0; i < Size && offset + i < from.size(); ++i) out[i] = from[offset + i];
}

Bytes framed(const Bytes& content) {
  Bytes bytes(8);
  const std::size_t kind_bytes = std::min<std::size_t>(content.size(), 1);
  buddy::wire::store(bytes.data(), static_cast<std::uint32_t>(content.size() - kind_bytes));
  if (kind_bytes != 0) bytes[4] = content[0];
  bytes.insert(bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(kind_bytes),
               content.end());
  return bytes;
}

Bytes next_bytes(buddy::fuzz::Input& input) {
  const auto what = input.take<std::uint8_t>() % 4;
  Bytes content = input.take_bytes(input.take<std::uint8_t>());
  if (what == 0) return content;
  if (what == 1) return framed(content);
  if (what == 2) {
    buddy::transport::Hello hello;
    fill(hello.job.bytes, content, 0);
    fill(hello.nonce, content, hello.job.bytes.size());
    return buddy::transport::encode(hello);
  }
  buddy::transport::Proof proof;
  fill(proof.proof, content, 0);
  return buddy::transport::encode(proof);
}

/// The engine's side of a connection, without the socket.
class Door {
 public:
  Door() { reader_.limit_content(buddy::transport::max_greeting_bytes); }

  /// \return false once the stranger has been refused
  bool take(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const std::span<std::byte> room = reader_.room();
      require(!room.empty() && room.size() <= buddy::transport::max_greeting_bytes);
      const std::size_t size = std::min(room.size(), bytes.size());
      std::copy_n(bytes.begin(), size, room.begin());
      bytes = bytes.subspan(size);
      const auto message = reader_.advance(size);
      if (!message.ok()) return false;
      if (message.value() && !answer(*message.value())) return false;
    }
    return true;
  }

 private:
  bool answer(const buddy::transport::Message& message) {
    const auto outcome = check_.take(message);
    require(!std::holds_alternative<buddy::transport::GreetingCheck::Admitted>(outcome));
    return std::holds_alternative<buddy::transport::Challenge>(outcome);
  }

  buddy::transport::MessageReader reader_;
  buddy::transport::GreetingCheck check_{key};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  buddy::fuzz::Input input(data, size);
  Door door;
  while (!input.empty()) {
    if (!door.take(next_bytes(input))) break;
  }
  return 0;
}
