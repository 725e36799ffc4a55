// The interface that all wires stand behind.
#pragma once

#include <cstdint>

#include "transport/channel.hpp"
#include "transport/end_id.hpp"

namespace buddy::transport {

/// The channels of one end, an agent's or a rank's, over one kind of wire: rings in shared memory,
/// a network, or a simulated one. Threads: the end's.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Moves network work forward. Never blocks. \return frames and completions moved
  virtual std::uint32_t progress() noexcept = 0;

  /// Packets since the last call that came from no peer of this job; they were dropped.
  virtual std::uint64_t take_unauthenticated() noexcept { return 0; }

  /// The channel to a peer, or nullptr if this wire does not reach it (then another one does).
  virtual Channel* channel(EndId peer) noexcept = 0;

  /// File descriptor that becomes readable when there is work, or -1 when doorbells do that.
  virtual int event_fd() const noexcept = 0;

  /// Prepares to sleep on event_fd(). \return false if there is work already: poll again.
  virtual bool arm() noexcept = 0;
};

}  // namespace buddy::transport
