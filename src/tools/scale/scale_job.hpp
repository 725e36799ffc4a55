// Runs a simulated job: real engines, a simulated network, ranks that send and check.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/status.hpp"
#include "tools/scale/scale_case.hpp"
#include "tools/scale/scale_memory.hpp"

namespace buddy::tools {

/// Of an agent: the mean over all, and the most of any.
struct PerAgent {
  double mean = 0;
  double most = 0;
};

struct ScaleResult {
  ScaleCase job;
  Routing routing = Routing::direct;  ///< that came of what was asked for
  EngineMemory memory;                ///< by the formulas
  PerAgent arena_bytes;               ///< of its state and open blocks
  PerAgent resident_bytes;            ///< of those and of its links: pages that were touched
  PerAgent in_flight_bytes;           ///< most that it had sent and nobody had read, at any time
  PerAgent channels;
  PerAgent packets;             ///< frames with messages sent to other agents
  double bytes_per_packet = 0;  ///< with its header
  double messages_per_packet = 0;
  PerAgent forwarded;          ///< messages that came from an agent and went on to another
  double along = 0;            ///< messages sent inside groups, of each agent
  double across = 0;           ///< ... to other groups
  double seconds = 0;          ///< virtual, until everybody has passed the first barrier
  double barrier_seconds = 0;  ///< virtual, from there to the second, before which nothing is sent
  double waves = 0;            ///< of the first barrier
  double barrier_waves = 0;    ///< of the second
  double barrier_frames = 0;   ///< that an agent sends for the second
  double run_seconds = 0;      ///< real
  bool verified = false;
};

/// \param tick called now and then with the share of messages that have arrived
/// Errors: no_memory; corrupt, if a rank met something that cannot be; system, if it was stopped
Result<ScaleResult> simulate(const ScaleCase& job, const std::stop_token& stop,
                             const std::function<void(double)>& tick);

}  // namespace buddy::tools
