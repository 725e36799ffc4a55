#include "measure/cache/core_accesses.hpp"

#include <gtest/gtest.h>

#include "measure/cache/trace_replay.hpp"

namespace buddy::measure {
namespace {

const Trace trace{0,
                  0,
                  0,
                  {{0x7000'0000'0fc0, 128, TraceKind::write, 0},
                   {0x7000'0000'0000, 64, TraceKind::receive, 1},
                   {0x1000, 10, TraceKind::read, 0},
                   {0x7000'0000'0fc0, 64, TraceKind::read, 0}}};

TEST(CoreAccesses, pages_are_numbered_as_they_are_touched) {
  const Trace accesses = core_accesses(trace, 1000);
  ASSERT_EQ(accesses.events.size(), 4u) << "a piece per page, nothing of devices";
  EXPECT_EQ(accesses.events[0].address, 0xfc0u);
  EXPECT_EQ(accesses.events[0].bytes, 64u);
  EXPECT_EQ(accesses.events[1].address, 0x1000u);
  EXPECT_EQ(accesses.events[1].bytes, 64u);
  EXPECT_EQ(accesses.events[2].address, 0x2000u);
  EXPECT_EQ(accesses.events[3].address, 0xfc0u);
  EXPECT_EQ(extent_of(accesses), 0x3000u);
}

TEST(CoreAccesses, end_where_they_are_told_to) {
  EXPECT_EQ(core_accesses(trace, 2).events.size(), 2u);
  EXPECT_EQ(core_accesses(trace, 0).events.size(), 0u);
}

TEST(CoreAccesses, touch_the_lines_of_the_trace) {
  const Trace accesses = core_accesses(trace, 1000);
  std::vector<std::byte> memory(extent_of(accesses));
  touch(accesses, memory.data());
  std::vector<std::size_t> written;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    if (memory[i] != std::byte{0}) written.push_back(i);
  }
  EXPECT_EQ(written, (std::vector<std::size_t>{0xfc0, 0x1000}));
}

}  // namespace
}  // namespace buddy::measure
