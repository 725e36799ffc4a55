#include "tools/dca/dca_study.hpp"

#include <fmt/core.h>

#include <set>
#include <utility>

namespace buddy::tools {
namespace {

using measure::Trace;
using measure::Traffic;

measure::CacheOptions with_dca(measure::CacheOptions options, bool dca) {
  options.dca = dca;
  return options;
}

/// Each rank's frames and packets go through its buffers twice: to fill the caches, and to count.
constexpr std::uint64_t scaled_bytes_per_rank = std::uint64_t{8} << 20;

/// Caches whose last level has \p bytes, in about as many ways.
measure::CacheOptions with_last_level(measure::CacheOptions options, std::uint64_t bytes) {
  options.levels.back().size_bytes = bytes;
  return options;
}

/// Misses of the second level while packets are copied into their buffers by the core itself, as
/// the software of a network does it that has no card to do it.
std::uint64_t copied_misses(const std::vector<Trace>& traces, const measure::CacheOptions& cache,
                            const std::stop_token& stop) {
  std::uint64_t misses = 0;
  for (const Trace& trace : traces) {
    measure::CacheModel model(cache);
    for (TraceEvent event : trace.events) {
      if (stop.stop_requested()) break;
      const std::uint64_t before = model.traffic().misses[1];
      const bool copies = event.kind == TraceKind::receive;
      if (copies) event.kind = TraceKind::write;
      measure::apply(event, cache.links, model);
      if (copies) misses += model.traffic().misses[1] - before;
    }
  }
  return misses;
}

std::vector<Trace> with_scheme(const std::vector<Trace>& traces,
                               const measure::BufferScheme& scheme) {
  std::vector<Trace> changed;
  for (const Trace& trace : traces) changed.push_back(measure::with_scheme(trace, scheme));
  return changed;
}

}  // namespace

double DcaResult::per_inbound_byte(const Traffic& traffic) const {
  return static_cast<double>(traffic.dram_bytes()) / static_cast<double>(inbound_bytes);
}

std::optional<double> DcaResult::ratio() const {
  if (dca.dram_bytes() == 0) return std::nullopt;
  return static_cast<double>(no_dca.dram_bytes()) / static_cast<double>(dca.dram_bytes());
}

Status DcaStudy::add(const std::string& application, const std::vector<Trace>& traces,
                     const std::stop_token& stop) {
  const measure::TraceVolume volume = measure::volume_of(traces);
  if (volume.received_bytes == 0) {
    return {ErrorCode::invalid_argument,
            fmt::format("the engines of '{}' received no packet (only nodes that are joined by ucx "
                        "send any) use at least --nodes 2, and --fabric ucx",
                        application)};
  }
  DcaResult result{.application = application,
                   .inbound_bytes = volume.inbound_bytes(cache.links),
                   .received_bytes = volume.received_bytes,
                   .read_bytes = volume.read_bytes,
                   .dropped_events = volume.dropped_events,
                   .dca = measure::replay(traces, with_dca(cache, true), stop),
                   .no_dca = measure::replay(traces, with_dca(cache, false), stop)};
  const auto all = measure::buffer_schemes(cache.levels.back().size_bytes);
  std::vector<SchemeResult> sums = schemes;
  sums.resize(all.size());
  for (std::size_t i = 0; i < all.size() && !stop.stop_requested(); ++i) {
    const std::vector<Trace> changed = with_scheme(traces, all[i]);
    SchemeResult& scheme = sums[i];
    scheme.scheme = all[i].name;
    scheme.inbound_bytes += volume.inbound_bytes(cache.links);
    scheme.received_bytes += volume.received_bytes;
    scheme.dca_bytes += measure::replay(changed, with_dca(cache, true), stop).dram_bytes();
    scheme.no_dca_bytes += measure::replay(changed, with_dca(cache, false), stop).dram_bytes();
    scheme.copied_misses += copied_misses(changed, cache, stop);
  }
  if (stop.stop_requested()) return {};
  results.push_back(std::move(result));
  schemes = std::move(sums);
  for (const Trace& trace : traces) {
    if (!measure::is_of_one_rank(trace)) continue;
    one_rank_.push_back(measure::with_inbound_bytes(trace, scaled_bytes_per_rank));
  }
  return {};
}

bool DcaStudy::scale(const std::vector<std::uint32_t>& ranks, const std::stop_token& stop) {
  if (one_rank_.empty()) return false;
  const std::set<std::uint64_t> last_levels = {cache.levels.back().size_bytes,
                                               paper_host_cache_bytes};
  for (const std::uint32_t count : ranks) {
    for (const measure::BufferScheme& scheme : measure::many_rank_schemes()) {
      const Trace all = measure::scaled_to_ranks(with_scheme(one_rank_, scheme), count);
      for (const std::uint64_t bytes : last_levels) {
        const measure::CacheOptions caches = with_last_level(cache, bytes);
        ManyRanksResult result{count, scheme.name, bytes, {}, {}};
        result.dca = measure::steady_traffic(all, with_dca(caches, true), stop);
        result.no_dca = measure::steady_traffic(all, with_dca(caches, false), stop);
        if (stop.stop_requested()) return true;
        many_ranks.push_back(std::move(result));
      }
    }
  }
  return true;
}

}  // namespace buddy::tools
