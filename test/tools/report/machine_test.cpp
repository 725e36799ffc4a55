#include "tools/report/machine.hpp"

#include <gtest/gtest.h>

#include "base/affinity.hpp"
#include "measure/probes/core_distance.hpp"

namespace buddy::tools {
namespace {

TEST(Machine, describes_this_one) {
  const Machine machine = describe_machine();
  EXPECT_FALSE(machine.host_name.empty());
  EXPECT_GE(machine.cores, 1);
  EXPECT_EQ(machine.allowed_cpus, allowed_cpus());
  EXPECT_GT(machine.memory_bytes, 1u << 20);
  EXPECT_NE(machine.kernel.find("Linux"), std::string::npos);
}

TEST(CoreDistance, is_a_time_or_unknown) {
  const auto cpus = allowed_cpus();
  // Also holds for a CPU and itself: then the series takes too long, and nothing is measured.
  const auto distance_ns = measure::measure_core_distance_ns({cpus.front(), cpus.back()});
  if (distance_ns) {
    EXPECT_GT(*distance_ns, 1);
    EXPECT_LT(*distance_ns, 1e6);
  }
  EXPECT_FALSE(measure::measure_core_distance_ns({cpus.front(), 1023}).has_value());
}

}  // namespace
}  // namespace buddy::tools
