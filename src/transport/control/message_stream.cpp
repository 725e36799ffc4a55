#include "transport/control/message_stream.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "wire/run.hpp"

namespace buddy::transport {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;

Status malformed(const char* what) {
  return {ErrorCode::corrupt, std::string("a control message is damaged (") + what +
                                  ") use the same version of Buddy on all ranks and engines"};
}

template <std::size_t Index = 0>
Status decode_as(std::size_t kind, InputBytes& archive, Message& message) {
  if constexpr (Index == std::variant_size_v<Message>) {
    return malformed("unknown kind");
  } else {
    if (kind != Index) return decode_as<Index + 1>(kind, archive, message);
    archive.load_by_cereal(message.emplace<Index>());
    return archive.remaining() == 0 ? Status() : malformed("too long");
  }
}

/// Another version's greeting is read no further than its version.
bool is_foreign_greeting(std::uint32_t kind, const std::vector<std::byte>& content) {
  return kind == 0 && content.size() >= 4 &&
         wire::load<std::uint32_t>(content.data()) != handshake_version;
}

constexpr std::uint32_t turned_around(std::uint32_t word) {
  return word >> 24 | (word >> 8 & 0xff00) | (word << 8 & 0xff0000) | word << 24;
}

Result<std::optional<Message>> decode(std::uint32_t kind, const std::vector<std::byte>& content) {
  if (is_foreign_greeting(kind, content)) {
    Hello hello;
    hello.version = wire::load<std::uint32_t>(content.data());
    return std::optional<Message>(hello);
  }
  try {
    InputBytes archive(content);
    std::optional<Message> message(std::in_place);
    if (Status status = decode_as(kind, archive, *message); !status.ok()) return status;
    return message;
  } catch (const std::exception&) {  // ends early, or claims more elements than memory holds
    return malformed("too short");
  }
}

}  // namespace

std::vector<std::byte> encode(const Message& message) {
  std::vector<std::byte> bytes(8);
  OutputBytes archive(bytes);
  std::visit([&](const auto& content) { archive.save_by_cereal(content); }, message);
  wire::store(bytes.data(), static_cast<std::uint32_t>(bytes.size() - 8));
  wire::store(bytes.data() + 4, static_cast<std::uint32_t>(message.index()));
  return bytes;
}

std::span<std::byte> MessageReader::room() {
  if (have_ < head_bytes) return std::span(head_).subspan(have_);
  const std::size_t done = have_ - head_bytes;
  const std::size_t size = wire::load<std::uint32_t>(head_.data());
  content_.resize(std::min(size, done + piece_bytes));
  return std::span(content_).subspan(done);
}

Result<std::optional<Message>> MessageReader::advance(std::size_t bytes) {
  const bool new_head = have_ < head_bytes;
  have_ += bytes;
  if (have_ < head_bytes) return std::optional<Message>();
  const auto size = wire::load<std::uint32_t>(head_.data());
  if (new_head && size > limit_) {
    const bool other_order = turned_around(size) <= max_greeting_bytes;
    return malformed(other_order ? "its bytes are in another order" : "too long");
  }
  if (have_ - head_bytes < size) return std::optional<Message>();
  content_.resize(size);
  have_ = 0;
  const std::vector<std::byte> content = std::exchange(content_, {});
  return decode(wire::load<std::uint32_t>(head_.data() + 4), content);
}

}  // namespace buddy::transport
