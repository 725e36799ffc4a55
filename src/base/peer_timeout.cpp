#include "base/peer_timeout.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/whole_number.hpp"

namespace buddy {

Result<int> peer_timeout_from_environment() {
  const char* text = std::getenv(peer_timeout_variable);
  if (text == nullptr || *text == '\0') return default_peer_timeout_s;
  const auto seconds = parse_whole<int>(text);
  if (seconds && *seconds >= 1 && *seconds <= most_peer_timeout_s) return *seconds;
  return Status(ErrorCode::invalid_argument,
                std::string(peer_timeout_variable) + "=" + text +
                    " means nothing (allowed are whole seconds from 1 to " +
                    std::to_string(most_peer_timeout_s) +
                    ") correct the variable or leave it unset");
}

Status watch_machine(int fd, int timeout_s) {
  const auto set = [fd](int level, int name, int value) {
    return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
  };
  // A probe every second of silence. Keepalive waits while data is on its way; the user timeout
  // counts from when that was sent.
  const bool all = set(IPPROTO_TCP, TCP_NODELAY, 1) && set(SOL_SOCKET, SO_KEEPALIVE, 1) &&
                   set(IPPROTO_TCP, TCP_KEEPIDLE, 1) && set(IPPROTO_TCP, TCP_KEEPINTVL, 1) &&
                   set(IPPROTO_TCP, TCP_KEEPCNT, std::min(timeout_s, 127)) &&
                   set(IPPROTO_TCP, TCP_USER_TIMEOUT, timeout_s * 1000);
  if (all) return {};
  return {ErrorCode::system, std::string("cannot watch a connection (") + std::strerror(errno) +
                                 ") choose a peer timeout between 1 and " +
                                 std::to_string(most_peer_timeout_s) + " seconds"};
}

bool means_silence(int error) noexcept {
  return error == ETIMEDOUT || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == EHOSTDOWN || error == ENETDOWN;
}

}  // namespace buddy
