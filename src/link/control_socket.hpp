// The socket between a rank and its engine: start-up, leaving, and noticing each other's death.
#pragma once

#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "link/handshake.hpp"

namespace buddy::link {

/// One end of a stream socket that carries length-prefixed messages.
/// Everything received is checked: size, kind, and that the bytes are exactly one message.
/// Threads: one at a time.
class ControlSocket {
 public:
  ControlSocket() = default;
  explicit ControlSocket(UniqueFd fd) : fd_(std::move(fd)) {}

  /// Errors: no_engine if nobody listens there.
  static Result<ControlSocket> connect(const std::string& path);

  int fd() const noexcept { return fd_.get(); }
  /// Sends a message whole. Errors: peer_died when the other end is closed.
  Status send(const Message& message);
  /// Waits up to \p timeout_ms for a whole message. Errors: peer_died, corrupt, system on time-out.
  Result<Message> receive(int timeout_ms);
  /// True if the other end is gone (looks, does not wait).
  bool hung_up() const noexcept;

 private:
  Status read_exactly(std::byte* to, std::size_t bytes, std::uint64_t deadline_ns);
  UniqueFd fd_;
};

/// A listening socket at \p path, mode 0600. Errors: system
Result<UniqueFd> listen_at(const std::string& path);
/// Takes a connection, if one is waiting, from this user only. \return an empty fd otherwise
UniqueFd accept_own_user(int listener) noexcept;

}  // namespace buddy::link
