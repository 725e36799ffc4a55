#include "base/dpu_emulation.hpp"

#include <gtest/gtest.h>

namespace buddy {
namespace {

TEST(DpuEmulation, reads_figures_in_any_order) {
  const auto dpu = parse_dpu("gbit=200,slowdown=2.5,latency_us=1.2");
  ASSERT_TRUE(dpu.ok()) << dpu.status().message();
  EXPECT_EQ(dpu.value().slowdown, 2.5);
  EXPECT_EQ(dpu.value().latency_us, 1.2);
  EXPECT_EQ(dpu.value().gbit, 200);
  EXPECT_TRUE(dpu.value().preset.empty());
  EXPECT_EQ(to_string(dpu.value()), "slowdown=2.5,latency_us=1.2,gbit=200");
}

TEST(DpuEmulation, what_is_not_named_is_not_emulated) {
  const DpuEmulation dpu = parse_dpu("slowdown=1").value();
  EXPECT_TRUE(dpu.changes_nothing());
  EXPECT_FALSE(dpu.delays());
  EXPECT_TRUE(parse_dpu("latency_us=0.5").value().delays());
  EXPECT_TRUE(parse_dpu("gbit=10").value().delays());
}

TEST(DpuEmulation, knows_the_preset) {
  const auto dpu = parse_dpu("bluefield3");
  ASSERT_TRUE(dpu.ok());
  EXPECT_GT(dpu.value().slowdown, 1);
  EXPECT_EQ(to_string(dpu.value()), "bluefield3");
}

TEST(DpuEmulation, text_and_figures_are_one_another_s) {
  for (const char* text : {"slowdown=1,latency_us=0", "slowdown=3.3333333333333335,latency_us=0.1",
                           "slowdown=1000,latency_us=1e+05,gbit=0.1"}) {
    const auto dpu = parse_dpu(text);
    ASSERT_TRUE(dpu.ok()) << text;
    const auto again = parse_dpu(to_string(dpu.value()));
    ASSERT_TRUE(again.ok()) << to_string(dpu.value());
    EXPECT_EQ(again.value().slowdown, dpu.value().slowdown);
    EXPECT_EQ(again.value().latency_us, dpu.value().latency_us);
    EXPECT_EQ(again.value().gbit, dpu.value().gbit);
  }
}

TEST(DpuEmulation, refuses_nonsense_and_says_what_is_allowed) {
  for (const char* text :
       {"", "bluefield4", "slowdown", "slowdown=", "slowdown=0.99", "slowdown=-2", "slowdown=nan",
        "slowdown=inf", "slowdown=1e4", "slowdown=2x", "latency_us=-1", "latency_us=2e5", "gbit=0",
        "gbit=-1", "slowdown=2,,gbit=1", "slowdown=2,slowdown=3", "speed=2",
        "bluefield3,slowdown=2"}) {
    const auto dpu = parse_dpu(text);
    ASSERT_FALSE(dpu.ok()) << text;
    EXPECT_EQ(dpu.status().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(dpu.status().message().find("--dpu: "), 0u) << dpu.status().message();
  }
  EXPECT_NE(parse_dpu("slowdown=0.5").status().message().find("1 to 1000"), std::string::npos);
  EXPECT_NE(parse_dpu("bluefield4").status().message().find("bluefield3"), std::string::npos);
}

// A preset that exists is not said to be missing.
TEST(DpuEmulation, a_preset_stands_alone) {
  for (const char* text : {"bluefield3,slowdown=2", "gbit=1,bluefield3"}) {
    EXPECT_EQ(parse_dpu(text).status().message(),
              "--dpu: 'bluefield3' stands alone (it has all figures) leave out the others, or give "
              "figures alone: slowdown=2,latency_us=1,gbit=400");
  }
}

}  // namespace
}  // namespace buddy
