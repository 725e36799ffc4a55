// What /proc/stat says of some CPUs.
#include "base/cpu_load.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/affinity.hpp"

namespace buddy {
namespace {

constexpr const char* stat =
    "cpu  9 9 9 9 9 9 9 9 9 9\n"
    "cpu0 100 20 30 4000 5 600 700 8 0 0\n"
    "cpu1 200 0 0 4000 0 0 0 0 0 0\n"
    "cpu10 1 1 1 1 1 1 1 1 0 0\n"
    "intr 5\n";

TEST(CpuLoad, adds_up_user_nice_and_system_of_the_cpus) {
  const auto one = parse_cpu_load(stat, std::array{0}, 100);
  ASSERT_TRUE(one.has_value());
  EXPECT_DOUBLE_EQ(one->busy_seconds, 1.5);  // neither idle nor interrupts
  EXPECT_DOUBLE_EQ(one->stolen_seconds, 0.08);
  const auto both = parse_cpu_load(stat, std::array{0, 1}, 100);
  ASSERT_TRUE(both.has_value());
  EXPECT_DOUBLE_EQ(both->busy_seconds, 3.5);
}

TEST(CpuLoad, is_unknown_without_every_cpu) {
  EXPECT_FALSE(parse_cpu_load(stat, std::array{0, 2}, 100).has_value());
  EXPECT_FALSE(parse_cpu_load("cpu0 1 2 3", std::array{0}, 100).has_value());
  EXPECT_FALSE(parse_cpu_load("cpu0 1 2 3 4 x 6 7 8", std::array{0}, 100).has_value());
  EXPECT_FALSE(parse_cpu_load("", std::array{0}, 100).has_value());
}

TEST(CpuLoad, of_this_machine_is_there) {
  const auto load = read_cpu_load(allowed_cpus());
  ASSERT_TRUE(load.has_value());
  EXPECT_GT(load->busy_seconds, 0);
}

}  // namespace
}  // namespace buddy
