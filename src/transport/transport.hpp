// Engine to engine: the interface all fabrics stand behind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/status.hpp"
#include "transport/channel.hpp"

namespace buddy::transport {

/// How one agent of the job is reached, as exchanged at start-up.
struct AgentAddress {
  std::string host;         ///< machine, from gethostname()
  std::string arena_path;   ///< of its inbound rings in /dev/shm; same machine only
  std::string ucx_address;  ///< UCX worker address bytes; empty without a UCX fabric
};

/// An agent's connections to all others of the job.
/// Threads: the agent's thread only.
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

  /// The channel to a peer, or nullptr if this fabric does not reach it (then another one does).
  virtual transport::Channel* channel(AgentId peer) noexcept = 0;

  /// File descriptor that becomes readable when there is work, or -1 when doorbells do that.
  virtual int event_fd() const noexcept = 0;

  /// Prepares to sleep on event_fd(). \return false if there is work already: poll again.
  virtual bool arm() noexcept = 0;
};

}  // namespace buddy::transport
