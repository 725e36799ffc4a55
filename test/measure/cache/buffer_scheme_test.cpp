#include "measure/cache/buffer_scheme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "measure/cache/trace_replay.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t kib = 1024;
using Reuse = BufferScheme::Reuse;

const BufferScheme pieces{"pieces", Reuse::last_in, 128 * kib};
const BufferScheme ring{"ring", Reuse::first_in, 640 * kib};

/// Packets that come from \p peers and are read after up to eight others, each at an address that
/// the engine might have used.
Trace random_trace(unsigned seed, unsigned peers) {
  std::mt19937 random(seed);
  Trace trace;
  std::vector<TraceEvent> waiting;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto bytes = static_cast<std::uint32_t>(48 + random() % (100 * kib));
    const auto peer = static_cast<std::uint16_t>(random() % peers);
    const std::uint64_t address = 0x10000000 + (i % 16) * 128 * kib;
    trace.events.push_back({address, bytes, TraceKind::receive, peer});
    trace.events.push_back({0x50000000, 100, TraceKind::write, 0});
    waiting.push_back({address + 48, bytes - 48, TraceKind::read, 0});
    while (waiting.size() > random() % 8) {
      if (waiting.front().bytes != 0) trace.events.push_back(waiting.front());
      waiting.erase(waiting.begin());
    }
  }
  for (const TraceEvent& event : waiting) {
    if (event.bytes != 0) trace.events.push_back(event);
  }
  return trace;
}

// Whatever the scheme, the same bytes are received and read, and no packet lies where another one
// waits to be read.
TEST(BufferScheme, packets_stay_whole_until_they_are_read) {
  for (const BufferScheme& scheme : {pieces, BufferScheme{"", Reuse::first_in, 4096 * kib}}) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(testing::Message() << scheme.name << " seed " << seed);
      const Trace before = random_trace(seed, 3);
      const Trace after = with_scheme(before, scheme);
      ASSERT_EQ(after.events.size(), before.events.size());
      std::map<std::uint64_t, std::uint64_t> present;  // start and end of packets
      for (std::size_t i = 0; i < after.events.size(); ++i) {
        const TraceEvent& event = after.events[i];
        ASSERT_EQ(event.bytes, before.events[i].bytes);
        ASSERT_EQ(event.kind, before.events[i].kind);
        if (event.kind == TraceKind::receive) {
          const auto next = present.lower_bound(event.address);
          if (next != present.end()) {
            ASSERT_GE(next->first, event.address + event.bytes);
          }
          if (next != present.begin()) {
            ASSERT_LE(std::prev(next)->second, event.address);
          }
          if (event.bytes > 48) present[event.address] = event.address + event.bytes;
        } else if (event.kind == TraceKind::read) {
          ASSERT_EQ(present.erase(event.address - 48), 1u);
        } else {
          ASSERT_EQ(event.address, before.events[i].address);
        }
      }
    }
  }
}

TEST(BufferScheme, the_piece_freed_last_is_taken_next) {
  Trace trace;
  for (std::uint64_t i = 0; i < 10; ++i) {
    trace.events.push_back({i * kib, 1000, TraceKind::receive, static_cast<std::uint16_t>(i)});
    trace.events.push_back({i * kib, 1000, TraceKind::read, 0});
  }
  const Trace after = with_scheme(trace, pieces);
  for (const TraceEvent& event : after.events) EXPECT_EQ(event.address, after.events[0].address);
}

TEST(BufferScheme, a_ring_goes_round) {
  Trace trace;
  for (std::uint64_t i = 0; i < 11; ++i) {
    trace.events.push_back({0, 128 * kib, TraceKind::receive, 0});
    trace.events.push_back({0, 128 * kib, TraceKind::read, 0});
  }
  const Trace after = with_scheme(trace, ring);
  EXPECT_EQ(after.events[2].address, after.events[0].address + 128 * kib);
  EXPECT_EQ(after.events[10].address, after.events[0].address);
}

// What the study is about, on a stream that keeps up: a ring larger than the last level reads and
// writes everything although inbound writes go to the cache.
TEST(BufferScheme, a_ring_that_does_not_fit_makes_dca_useless) {
  auto cache = cache_preset("bluefield3");
  ASSERT_TRUE(cache.ok());
  Trace trace;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    trace.events.push_back({0x10000000, 64 * kib, TraceKind::receive, 1});
    trace.events.push_back({0x10000000, 64 * kib, TraceKind::read, 0});
  }
  const auto per_byte = [&](const BufferScheme& scheme) {
    const Traffic traffic = replay({with_scheme(trace, scheme)}, cache.value());
    return static_cast<double>(traffic.dram_bytes()) / (2000 * 64 * kib);
  };
  for (const BufferScheme& scheme : buffer_schemes(16 * kib * kib)) {
    if (scheme.bytes > 16 * kib * kib) {
      EXPECT_GT(per_byte(scheme), 0.5) << scheme.name;
    } else {
      EXPECT_EQ(per_byte(scheme), 0) << scheme.name;
    }
  }
}

}  // namespace
}  // namespace buddy::measure
