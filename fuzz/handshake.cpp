// What arrives at a control socket.
// Input: 1 byte kind (255: the input is the whole stream, header included), the content.
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/input.hpp"
#include "link/control_socket.hpp"
#include "wire/run.hpp"

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
  buddy::link::ControlSocket socket{buddy::UniqueFd(fds[0])};
  require(bytes.empty() || ::send(fds[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                               static_cast<ssize_t>(bytes.size()));
  ::close(fds[1]);
  const auto message = socket.receive(1000);
  if (!message.ok()) {
    const auto code = message.status().code();
    require(code == buddy::ErrorCode::corrupt || code == buddy::ErrorCode::peer_died);
    return 0;
  }
  if (const auto* join = std::get_if<buddy::link::Join>(&message.value())) {
    if (join->map.consistent(4096)) join->map.ranks_of({join->map.agent_of_rank[0]});
  }
  return 0;
}
