// What the parts of an endpoint have in common.
#pragma once

#include <buddy/stats.hpp>
#include <cstdint>

#include "comm/endpoint/engine_channel.hpp"
#include "comm/endpoint/job_health.hpp"

namespace buddy::comm {

/// Threads: the rank's.
struct EndpointContext {
  /// \param start of the endpoint that used the engine channel before, at its end
  EndpointContext(std::uint32_t own_rank, EngineChannel& to_engine,
                  const EndpointCounts& start) noexcept
      : rank(own_rank), engine_channel(to_engine), counts(start), health(to_engine, counts) {}
  EndpointContext(const EndpointContext&) = delete;
  EndpointContext& operator=(const EndpointContext&) = delete;

  std::uint32_t rank;
  EngineChannel& engine_channel;
  EndpointCounts counts;
  Stats stats;
  JobHealth health;
  bool own_in_handler = false;
  bool* in_handler = &own_in_handler;  ///< a handler runs: this endpoint's, or one of the thread's
};

}  // namespace buddy::comm
