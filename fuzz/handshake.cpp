// What arrives at a control socket.
// Input: 1 byte kind (255: the input is the whole stream, header included), the content.
// It comes in one piece and in pieces of every size up to 9 bytes: the answer is the same.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "fuzz/input.hpp"
#include "transport/control/control_socket.hpp"
#include "transport/control/message_stream.hpp"
#include "wire/run.hpp"

namespace {

using Taken = buddy::Result<std::optional<buddy::transport::Message>>;

/// The first message of the stream, or that it is malformed, or nothing yet.
Taken read_in_pieces(const std::vector<std::byte>& bytes, std::size_t piece_bytes) {
  buddy::transport::MessageReader reader;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::span<std::byte> room = reader.room();
    buddy::fuzz::require(!room.empty());
    const std::size_t size = std::min({piece_bytes, room.size(), bytes.size() - at});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, room.begin());
    at += size;
    auto message = reader.advance(size);
    if (!message.ok() || message.value()) return message;
  }
  return std::optional<buddy::transport::Message>();
}

void require_same(const Taken& taken, const buddy::Result<buddy::transport::Message>& whole) {
  using buddy::fuzz::require;
  require(taken.ok() ? taken.value().has_value() == whole.ok() : !whole.ok());
  if (whole.ok())
    require(buddy::transport::encode(*taken.value()) == buddy::transport::encode(whole.value()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using buddy::fuzz::require;
  buddy::fuzz::Input input(data, size);
  const auto kind = input.take<std::uint8_t>();
  const std::vector<std::byte> content = input.take_bytes(60'000);  // fits a socket's buffer
  std::vector<std::byte> bytes;
  if (kind != 255) {
    bytes.resize(8);
    buddy::wire::store(bytes.data(), static_cast<std::uint32_t>(content.size()));
    buddy::wire::store(bytes.data() + 4, std::uint32_t{kind});
  }
  bytes.insert(bytes.end(), content.begin(), content.end());

  int fds[2];  // NOLINT(modernize-avoid-c-arrays)
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  buddy::transport::ControlSocket socket{buddy::UniqueFd(fds[0])};
  require(bytes.empty() || ::send(fds[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                               static_cast<ssize_t>(bytes.size()));
  ::close(fds[1]);
  const auto message = socket.receive(1000);
  for (std::size_t piece = 1; piece < 10; ++piece) {
    require_same(read_in_pieces(bytes, piece), message);
  }
  if (!message.ok()) {
    const auto code = message.status().code();
    require(code == buddy::ErrorCode::corrupt || code == buddy::ErrorCode::peer_died);
    return 0;
  }
  if (const auto* join = std::get_if<buddy::transport::Join>(&message.value())) {
    if (join->map && join->map->consistent(4096)) {
      join->map->ranks_of({join->map->agent_of_rank[0]});
    }
  }
  return 0;
}
