// Where an engine waits for the connections of its ranks.
#pragma once

#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "transport/control/control_address.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::transport {

/// A listening socket. That of a path has mode 0600 and takes this user's connections only; its
/// name goes with it. Threads: one at a time.
class ControlListener {
 public:
  /// \param peer_timeout_s see watch_machine(). Errors: system, invalid_argument
  static Result<ControlListener> open(const ControlAddress& address, int peer_timeout_s);
  ControlListener(ControlListener&&) = default;
  ControlListener& operator=(ControlListener&&) = delete;
  ~ControlListener();

  int fd() const noexcept { return fd_.get(); }
  /// With the port that the system has chosen.
  const ControlAddress& address() const noexcept { return address_; }
  /// Takes a connection, if one is waiting; one without a descriptor otherwise.
  /// Errors: system when there is no room for another one; it goes on waiting.
  Result<ControlSocket> accept();

 private:
  ControlListener(UniqueFd fd, ControlAddress address, int peer_timeout_s);

  UniqueFd fd_;
  ControlAddress address_;
  int peer_timeout_s_;
};

}  // namespace buddy::transport
