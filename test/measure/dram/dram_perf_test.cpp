#include "measure/dram/dram_perf.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>

#include "measure/dram/perf_trees.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;
using Words = std::array<std::uint64_t, 3>;  // count, enabled, running

/// A descriptor whose reads return what a counter would.
UniqueFd counter_of(const std::vector<Words>& readings) {
  UniqueFd fd(memfd_create("counter", MFD_CLOEXEC));
  for (const Words& words : readings) {
    EXPECT_EQ(write(fd.get(), words.data(), sizeof words), ssize_t{sizeof words});
  }
  lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

TEST(PerfMeter, adds_up_units_and_cpus) {
  const FakeTree tree;
  testing::add_intel_controller(tree, 0);
  std::vector<std::string> opened;
  PerfMeter meter({tree.root()}, [&](const PerfEvent& event, int cpu) {
    opened.push_back(event.name + "@" + std::to_string(cpu));
    return counter_of({{100, 5, 5}, {110, 9, 9}});
  });
  ASSERT_TRUE(meter.start().ok());
  EXPECT_EQ(opened, (std::vector<std::string>{
                        "uncore_imc_0/cas_count_read@0", "uncore_imc_0/cas_count_read@18",
                        "uncore_imc_0/cas_count_write@0", "uncore_imc_0/cas_count_write@18"}));
  const auto reading = meter.read();
  ASSERT_TRUE(reading.ok());
  EXPECT_EQ(reading.value().total_bytes, 4U * 10 * 64);
  EXPECT_FALSE(reading.value().host_bytes);
  EXPECT_FALSE(meter.read().ok());  // the counter has nothing more to say
}

TEST(PerfMeter, extrapolates_counters_that_took_turns) {
  const FakeTree tree;
  testing::add_intel_desktop(tree);
  PerfMeter meter({tree.root()}, [](const PerfEvent&, int) {
    return counter_of({{0, 0, 0}, {50, 1000, 250}});
  });
  ASSERT_TRUE(meter.start().ok());
  EXPECT_EQ(meter.read().value().total_bytes, 2U * 200 * 64);
}

TEST(PerfMeter, says_what_permission_is_missing) {
  const FakeTree tree;
  testing::add_intel_controller(tree, 0);
  tree.file("proc/sys/kernel/perf_event_paranoid", "2");
  PerfMeter meter({tree.root()}, [](const PerfEvent&, int) {
    errno = EACCES;
    return UniqueFd();
  });
  const Status status = meter.available();
  ASSERT_FALSE(status.ok());
  for (const char* part : {"uncore_imc_0/cas_count_read", "perf_event_paranoid is 2",
                           "sysctl kernel.perf_event_paranoid=0"}) {
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
  }
}

TEST(PerfMeter, is_not_available_without_counters) {
  const FakeTree tree;
  PerfMeter meter({tree.root()});
  EXPECT_FALSE(meter.available().ok());
  EXPECT_FALSE(meter.start().ok());
}

}  // namespace
}  // namespace buddy::measure
