#include "measure/cache/rank_scaling.hpp"

#include <algorithm>
#include <unordered_set>

#include "measure/cache/trace_replay.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t piece_bytes = 4096;
/// Between the rings of one direction of two ranks lies a ring of the other direction.
constexpr std::uint64_t least_distance = std::uint64_t{1} << 20;
/// Nothing of a process lies here.
constexpr std::uint64_t network_address = std::uint64_t{1} << 60;
/// What one rank's copy may span.
constexpr std::uint64_t rank_span = std::uint64_t{1} << 48;

bool starts_turn(const TraceEvent& event) {
  return event.kind == TraceKind::receive || event.kind == TraceKind::intake;
}

std::uint64_t inbound_bytes_of(const TraceEvent& event) {
  return starts_turn(event) ? event.bytes : 0;
}

/// Memory that events of one kind touch, by pieces of 4 KiB.
class Region {
 public:
  Region(const Trace& trace, TraceKind kind) {
    for (const TraceEvent& event : trace.events) {
      if (event.kind != kind) continue;
      begin_ = std::min(begin_, event.address);
      const std::uint64_t end = event.address + event.bytes;
      for (std::uint64_t piece = event.address / piece_bytes; piece * piece_bytes < end; ++piece) {
        pieces_.insert(piece);
      }
    }
    begin_ -= begin_ % piece_bytes;
  }
  bool contains(std::uint64_t address) const { return pieces_.count(address / piece_bytes) != 0; }
  std::uint64_t offset(std::uint64_t address) const { return address - begin_; }

 private:
  std::uint64_t begin_ = ~std::uint64_t{0};
  std::unordered_set<std::uint64_t> pieces_;
};

/// Where a rank's own memory begins: not all ranks in the same sets of a cache.
std::uint64_t base_of(std::uint32_t rank) {
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;  // Knuth, volume 3, 6.4: spreads evenly
  return rank * rank_span + (rank * golden >> 44) * piece_bytes;
}

/// What a rank of the scaled engine does, turn by turn.
class Copy {
 public:
  Copy(const Trace& trace, std::uint32_t rank)
      : trace_(&trace),
        received_(trace, TraceKind::receive),
        sent_(trace, TraceKind::send),
        base_(base_of(rank)) {}

  /// Appends the next packet or frame and what the engine does about it. \return false at the end
  bool append_turn(std::vector<TraceEvent>& to) {
    const auto& events = trace_->events;
    if (next_ == events.size()) return false;
    do {
      TraceEvent event = events[next_++];
      event.address = place_of(event.address);
      to.push_back(event);
    } while (next_ != events.size() && !starts_turn(events[next_]));
    return true;
  }

 private:
  std::uint64_t place_of(std::uint64_t address) const {
    if (received_.contains(address)) return network_address + received_.offset(address);
    if (sent_.contains(address)) return network_address + rank_span + sent_.offset(address);
    // What a scheme has placed lies beyond all addresses of a process, and is put above them.
    return base_ + address % rank_span + (address >= rank_span ? rank_span / 4 * 3 : 0);
  }

  const Trace* trace_;
  Region received_;
  Region sent_;
  std::uint64_t base_;
  std::size_t next_ = 0;
};

}  // namespace

bool is_of_one_rank(const Trace& trace) {
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t most = 0;
  for (const TraceEvent& event : trace.events) {
    if (event.kind != TraceKind::intake) continue;
    least = std::min(least, event.address);
    most = std::max(most, event.address);
  }
  return most >= least && most - least < least_distance;
}

Trace with_inbound_bytes(const Trace& trace, std::uint64_t inbound_bytes) {
  Trace result{trace.agent, trace.node, trace.dropped, {}};
  std::uint64_t inbound = 0;
  for (std::size_t i = 0; inbound < inbound_bytes || !starts_turn(trace.events[i]);) {
    result.events.push_back(trace.events[i]);
    inbound += inbound_bytes_of(trace.events[i]);
    i = (i + 1) % trace.events.size();
  }
  return result;
}

Trace scaled_to_ranks(const std::vector<Trace>& traces, std::uint32_t ranks) {
  std::vector<Copy> copies;
  for (std::uint32_t rank = 0; rank < ranks; ++rank) {
    copies.emplace_back(traces[rank % traces.size()], rank);
  }
  Trace all;
  for (bool more = true; more;) {
    more = false;
    for (Copy& copy : copies) more = copy.append_turn(all.events) || more;
  }
  return all;
}

SteadyTraffic steady_traffic(const Trace& trace, const CacheOptions& options,
                             const std::stop_token& stop) {
  std::uint64_t inbound = 0;
  for (const TraceEvent& event : trace.events) inbound += inbound_bytes_of(event);
  CacheModel model(options);
  SteadyTraffic before;
  SteadyTraffic now;
  for (const TraceEvent& event : trace.events) {
    if (stop.stop_requested()) break;
    apply(event, options.links, model);
    now.inbound_bytes += inbound_bytes_of(event);
    now.dram_bytes = model.traffic().dram_bytes();
    if (now.inbound_bytes <= inbound / 2) before = now;
  }
  return {now.inbound_bytes - before.inbound_bytes, now.dram_bytes - before.dram_bytes};
}

}  // namespace buddy::measure
