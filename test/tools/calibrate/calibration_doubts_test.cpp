// Which calibrations are not kept.
#include "tools/calibrate/calibration_doubts.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

constexpr launch::JobLoad quiet{
    .own_cpu_seconds = 5, .others_cpu_seconds = 0.1, .stolen_cpu_seconds = 0.01};

/// Like a machine at rest.
Calibration usual() {
  Calibration calibration;
  calibration.append_ns_per_message = measure::Spread{1.2, 1.1, 2};
  calibration.wake_us = measure::Spread{60, 40, 300};
  calibration.core_distance_ns = measure::Spread{540, 50, 600};  // virtual cores changed places
  return calibration;
}

TEST(CalibrationDoubts, none_on_a_quiet_machine) {
  EXPECT_TRUE(doubts_about(usual(), quiet).empty());
  EXPECT_TRUE(doubts_about(usual(), {.own_cpu_seconds = 5}).empty());  // the kernel tells nothing
}

TEST(CalibrationDoubts, other_work_on_its_cpus) {
  const auto doubts = doubts_about(usual(), {.own_cpu_seconds = 5, .others_cpu_seconds = 5});
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].kind, measure::DoubtKind::cpu_share);
  EXPECT_NE(doubts[0].text.find("the measuring threads got 50 %"), std::string::npos)
      << doubts[0].text;
}

TEST(CalibrationDoubts, time_that_was_stolen) {
  const auto doubts = doubts_about(usual(), {.own_cpu_seconds = 5, .stolen_cpu_seconds = 5});
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].kind, measure::DoubtKind::stolen);
}

TEST(CalibrationDoubts, a_wake_up_that_no_machine_at_rest_takes) {
  Calibration calibration = usual();
  calibration.wake_us = measure::Spread{6754, 4000, 9000};
  const auto doubts = doubts_about(calibration, quiet);
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].kind, measure::DoubtKind::implausible);
  EXPECT_NE(doubts[0].text.find("6754 us"), std::string::npos) << doubts[0].text;
}

TEST(CalibrationDoubts, rounds_that_have_nothing_in_common) {
  Calibration calibration = usual();
  calibration.append_ns_per_message = measure::Spread{12, 1.1, 20};
  const auto doubts = doubts_about(calibration, quiet);
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].kind, measure::DoubtKind::spread);
}

}  // namespace
}  // namespace buddy::tools
