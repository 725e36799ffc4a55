// The trace of an engine with many ranks, put together from traces of engines with one.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "measure/cache/cache_model.hpp"
#include "measure/cache/trace_file.hpp"

namespace buddy::measure {

/// Does \p trace look like that of an engine with one local rank? The frames of one lie in one
/// ring; those of two are at least the other direction's ring apart.
bool is_of_one_rank(const Trace& trace);

/// The start of \p trace in which devices write \p inbound_bytes, repeated if it is too short.
/// \pre the trace has a receive or an intake event
Trace with_inbound_bytes(const Trace& trace, std::uint64_t inbound_bytes);

/// An engine that serves \p ranks: rank i does what traces[i % traces.size()] says. The engine
/// turns to one rank after the other, from one packet or frame to the next. What the network reads
/// and writes is there once, as the ranks' packets come from the same peer; everything else
/// belongs to a rank and has a place of its own.
/// \pre traces is not empty, each is of one rank, none is empty
Trace scaled_to_ranks(const std::vector<Trace>& traces, std::uint32_t ranks);

/// What the second half of a trace costs, by inbound bytes: the first half fills the caches.
struct SteadyTraffic {
  std::uint64_t inbound_bytes = 0;
  std::uint64_t dram_bytes = 0;

  double per_inbound_byte() const {
    return static_cast<double>(dram_bytes) / static_cast<double>(inbound_bytes);
  }
};
SteadyTraffic steady_traffic(const Trace& trace, const CacheOptions& options,
                             const std::stop_token& stop = {});

}  // namespace buddy::measure
