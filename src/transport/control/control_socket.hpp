// The socket between a rank and its engine: start-up, leaving, and noticing each other's death.
#pragma once

#include <sys/un.h>

#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "transport/control/control_address.hpp"
#include "transport/control/handshake.hpp"
#include "transport/control/message_stream.hpp"

namespace buddy::transport {

/// The machine at the other end of a connection, if it is another one.
struct PeerMachine {
  std::string host{};  ///< empty: this machine
  int timeout_s = 0;   ///< of silence, after which it counts as gone
};

/// One end of a stream socket that carries length-prefixed messages.
/// Everything received is checked: size, kind, and that the bytes are exactly one message.
/// A rank waits (send, receive); an engine, which has many of them, never does (post, try_receive).
/// Threads: one at a time.
class ControlSocket {
 public:
  ControlSocket() = default;
  explicit ControlSocket(UniqueFd fd, PeerMachine peer = {})
      : fd_(std::move(fd)), peer_(std::move(peer)) {}

  /// \param peer_timeout_s over TCP: for the connection to be made, and of silence afterwards
  /// Errors: no_engine if nobody listens there.
  static Result<ControlSocket> connect(const ControlAddress& address, int peer_timeout_s);

  int fd() const noexcept { return fd_.get(); }
  /// See transport::round_trip_ns().
  std::uint64_t round_trip_ns() const;
  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  const PeerMachine& peer() const noexcept { return peer_; }
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
  /// Ok, or what is known about why the other end is gone (looks, does not wait). It ended, or
  /// lost_machine().
  Status why_hung_up();
  /// True once an error has shown that it is the machine of the other end that is silent.
  bool lost_machine() const noexcept { return lost_machine_; }

 private:
  Status gone(int error);

  UniqueFd fd_;
  PeerMachine peer_;
  bool lost_machine_ = false;
  MessageReader reader_;
  std::vector<std::byte> unsent_;
};

/// Nothing if the path is too long for a socket.
std::optional<sockaddr_un> unix_address(const std::string& path);

}  // namespace buddy::transport
