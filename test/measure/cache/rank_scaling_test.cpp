#include "measure/cache/rank_scaling.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "measure/cache/buffer_scheme.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t kib = 1024;

/// Frames of 16 KiB from a ring of 512 KiB, and every fourth time a packet from a peer.
Trace engine_of_one_rank() {
  Trace trace;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const std::uint64_t frame = 0x7f0000000000 + i % 32 * 16 * kib;
    trace.events.push_back({frame, 16 * kib, TraceKind::intake, 0});
    trace.events.push_back({frame + 48, 16 * kib - 48, TraceKind::read, 0});
    trace.events.push_back({0x7f0000100000, 16 * kib, TraceKind::write, 0});
    if (i % 4 != 0) continue;
    trace.events.push_back({0x7f0000200040, 8 * kib, TraceKind::receive, 1});
    trace.events.push_back({0x7f0000200040, 8 * kib, TraceKind::read, 0});
    trace.events.push_back({0x7f0000300000, 8 * kib, TraceKind::send, 1});
  }
  return trace;
}

TEST(RankScaling, a_trace_is_cut_or_repeated) {
  const Trace one = engine_of_one_rank();
  for (const std::uint64_t wanted : {100 * kib, 5000 * kib}) {
    const Trace sized = with_inbound_bytes(one, wanted);
    std::uint64_t inbound = 0;
    for (const TraceEvent& event : sized.events) {
      if (event.kind == TraceKind::receive || event.kind == TraceKind::intake) {
        inbound += event.bytes;
      }
    }
    EXPECT_GE(inbound, wanted);
    EXPECT_LE(inbound, wanted + 16 * kib);
    EXPECT_NE(sized.events.back().kind, TraceKind::intake) << "what follows on it is missing";
  }
}

// Every rank has its memory, the network's is there once, and ranks take turns.
TEST(RankScaling, ranks_have_memory_of_their_own_and_one_network) {
  const Trace one = engine_of_one_rank();
  const Trace all = scaled_to_ranks({one}, 5);
  ASSERT_EQ(all.events.size(), 5 * one.events.size());
  std::map<TraceKind, std::set<std::uint64_t>> places;
  for (const TraceEvent& event : all.events) places[event.kind].insert(event.address);
  EXPECT_EQ(places[TraceKind::intake].size(), 5u * 32u);
  EXPECT_EQ(places[TraceKind::write].size(), 5u);
  EXPECT_EQ(places[TraceKind::receive].size(), 1u);
  EXPECT_EQ(places[TraceKind::send].size(), 1u);
  EXPECT_EQ(places[TraceKind::read].size(), 5u * 32u + 1u);
  std::set<std::uint64_t> first;
  for (std::size_t i = 0; i < 15; i += 3) first.insert(all.events[i].address);
  EXPECT_EQ(first.size(), 5u) << "the first turn of each";
}

TEST(RankScaling, ranks_are_told_from_the_distance_of_their_rings) {
  Trace trace = engine_of_one_rank();
  EXPECT_TRUE(is_of_one_rank(trace));
  trace.events.push_back({0x7f0000000000 + 2048 * kib, 64, TraceKind::intake, 0});
  EXPECT_FALSE(is_of_one_rank(trace));
  EXPECT_FALSE(is_of_one_rank(Trace{}));
}

// Frames of a rank go through 4 MiB in the paper's scheme, through 64 KiB in the small one, and
// stay where they are in today's.
TEST(RankScaling, schemes_place_frames_of_ranks) {
  const Trace one = with_inbound_bytes(engine_of_one_rank(), 16384 * kib);
  const auto schemes = many_rank_schemes();
  ASSERT_EQ(schemes.size(), 3u);
  const std::vector<std::size_t> frames = {32, 256, 4};
  for (std::size_t i = 0; i < schemes.size(); ++i) {
    SCOPED_TRACE(schemes[i].name);
    const Trace placed = with_scheme(one, schemes[i]);
    std::set<std::uint64_t> places;
    std::uint64_t at = 0;
    for (const TraceEvent& event : placed.events) {
      if (event.kind == TraceKind::intake) places.insert(at = event.address);
      if (event.kind == TraceKind::read && event.bytes > 8 * kib) {
        ASSERT_EQ(event.address, at + 48);
      }
    }
    EXPECT_EQ(places.size(), frames[i]);
  }
}

TEST(RankScaling, the_first_half_is_not_counted) {
  auto cache = cache_preset("bluefield3");
  ASSERT_TRUE(cache.ok());
  Trace trace;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const std::uint64_t frame = 0x100000 + i % 8 * 16 * kib;
    trace.events.push_back({frame, 16 * kib, TraceKind::intake, 0});
    trace.events.push_back({0x900000 + i % 8 * 16 * kib, 16 * kib, TraceKind::read, 0});
  }
  const SteadyTraffic with = steady_traffic(trace, cache.value());
  EXPECT_EQ(with.inbound_bytes, 32 * 16 * kib);
  EXPECT_EQ(with.dram_bytes, 0u) << "what was read for the first time lies in the first half";
  cache.value().dca = false;
  EXPECT_DOUBLE_EQ(steady_traffic(trace, cache.value()).per_inbound_byte(), 1);
}

}  // namespace
}  // namespace buddy::measure
