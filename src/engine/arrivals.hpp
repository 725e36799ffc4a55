// Where an engine process gets the connections of its ranks from.
#pragma once

#include <poll.h>

#include <span>
#include <vector>

#include "base/job_id.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::engine {

/// A connection whose other end has shown that it knows the key.
struct Admitted {
  transport::ControlSocket socket;
  JobId job;
};

/// Waits for nobody: what it wants to be woken for is polled by its user. Threads: the control
/// thread.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  /// Adds what has to be polled.
  virtual void watch(std::vector<pollfd>& polled) const = 0;
  /// \param ready what watch() has added, polled. \return those who may come in now
  virtual std::vector<Admitted> take(std::span<const pollfd> ready) = 0;
  /// All who were taken so far have gone.
  virtual void all_have_gone() {}
  /// Nobody will come any more.
  virtual bool ended() const noexcept { return false; }
};

}  // namespace buddy::engine
