// The socket between a rank and its engine: start-up, leaving, and noticing each other's death.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "transport/control/handshake.hpp"
#include "transport/control/message_stream.hpp"

namespace buddy::transport {

/// One end of a stream socket that carries length-prefixed messages.
/// Everything received is checked: size, kind, and that the bytes are exactly one message.
/// A rank waits (send, receive); an engine, which has many of them, never does (post, try_receive).
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

  /// Sends what can be sent now and keeps the rest. Errors: peer_died; system when the other end
  /// has not read for so long that too much has piled up.
  Status post(const Message& message);
  /// Goes on with what post() has kept, if there is anything. Errors: peer_died
  Status flush();
  bool has_unsent() const noexcept { return !unsent_.empty(); }
  /// Takes what has arrived. \return a message once it is whole. Errors: peer_died, corrupt
  Result<std::optional<Message>> try_receive();
  /// Messages with longer content are refused.
  void limit_content(std::uint32_t bytes) noexcept { reader_.limit_content(bytes); }

  /// True if the other end is gone (looks, does not wait).
  bool hung_up() const noexcept;

 private:
  UniqueFd fd_;
  MessageReader reader_;
  std::vector<std::byte> unsent_;
};

/// A listening socket at \p path, mode 0600. Errors: system
Result<UniqueFd> listen_at(const std::string& path);
/// Takes a connection, if one is waiting, from this user only. \return an empty fd otherwise
/// Errors: system when there is no room for another one; it goes on waiting.
Result<UniqueFd> accept_own_user(int listener);

}  // namespace buddy::transport
