// What is said when there is nothing to measure with.
#include "tools/profile/dram_measurement.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/sandbox.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

/// PATH as it was, whatever a test makes of it.
class DramMeasurementTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = getenv("PATH");
    setenv("PATH", "/nowhere", 1);
  }
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }
  DramMeasurement measure(const std::string& method) {
    return measure_dram({.method = method, .job = {.ranks = 1}, .program = {"/bin/true"}},
                        {.path = "/bin/false", .flavour = "mpich", .self = "/bin/true"}, {});
  }

 private:
  std::string path_;
};

TEST_F(DramMeasurementTest, none_measures_nothing_and_runs_nothing) {
  const DramMeasurement none = measure("none");
  EXPECT_FALSE(none.measured());
  EXPECT_TRUE(none.program.empty());
  EXPECT_TRUE(none.traffic.unavailable->empty());
  EXPECT_EQ(none.traffic.text, "memory traffic was not measured (no method was asked for)");
}

TEST_F(DramMeasurementTest, missing_valgrind_is_said) {
  const DramMeasurement measured = measure("cachegrind");
  EXPECT_FALSE(measured.measured());
  EXPECT_EQ(measured.exit_code, 0);
  ASSERT_EQ(measured.traffic.unavailable->size(), 1U);
  EXPECT_EQ((*measured.traffic.unavailable)[0]["method"], "cachegrind");
  EXPECT_NE(measured.traffic.text.find("install valgrind"), std::string::npos)
      << measured.traffic.text;
}

TEST_F(DramMeasurementTest, launch_that_cannot_be_is_said) {
  const DramMeasurement measured =
      measure_dram({.method = "auto", .job = {.ranks = 1, .nodes = 2}, .program = {"/bin/true"}},
                   {.path = "/bin/false", .flavour = "mpich", .self = "/bin/true"}, {});
  EXPECT_FALSE(measured.measured());
  EXPECT_NE(measured.traffic.text.find("--nodes"), std::string::npos) << measured.traffic.text;
}

}  // namespace
}  // namespace buddy::tools
