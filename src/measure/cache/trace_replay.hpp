// Runs traces through the cache model.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "measure/cache/cache_model.hpp"
#include "measure/cache/trace_file.hpp"

namespace buddy::measure {

/// What a trace holds, bytes by kind; apart from caches.
struct TraceVolume {
  std::uint64_t received_bytes = 0;  ///< packets from the network
  std::uint64_t intake_bytes = 0;    ///< frames of local ranks
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_events = 0;

  /// What devices write with \p links.
  std::uint64_t inbound_bytes(Links links) const noexcept {
    return received_bytes + (links == Links::dma ? intake_bytes : 0);
  }
};
TraceVolume volume_of(const std::vector<Trace>& traces);

/// Every trace through caches of its own, which start empty: one engine each. \return the sums; of
/// what was replayed until then, where \p stop asks to end
Traffic replay(const std::vector<Trace>& traces, const CacheOptions& options,
               const std::stop_token& stop = {});

/// One event.
void apply(const TraceEvent& event, Links links, CacheModel& model);

}  // namespace buddy::measure
