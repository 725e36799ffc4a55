#include "measure/dram/perf_pmu.hpp"

#include <gtest/gtest.h>

#include "measure/dram/perf_trees.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;

PerfPmu only_pmu(const FakeTree& tree, const std::string& prefix) {
  const auto all = pmus_named(tree.path("sys/bus/event_source/devices"), prefix);
  EXPECT_EQ(all.size(), 1U);
  return all.at(0);
}

TEST(PerfPmu, named_event_has_the_kernels_encoding_and_scale) {
  const FakeTree tree;
  testing::add_intel_controller(tree, 1);
  const PerfPmu pmu = only_pmu(tree, "uncore_imc");
  EXPECT_EQ(pmu.event_names(),
            (std::vector<std::string>{"cas_count_read", "cas_count_write", "clockticks"}));
  const auto event = pmu.named_event("cas_count_write");
  ASSERT_TRUE(event.ok()) << event.status().message();
  EXPECT_EQ(event.value().name, "uncore_imc_1/cas_count_write");
  EXPECT_EQ(event.value().type, 21U);
  EXPECT_EQ(event.value().config, (PerfConfig{.config = 0x0c04}));
  EXPECT_EQ(event.value().cpus, (std::vector<int>{0, 18}));
  EXPECT_DOUBLE_EQ(event.value().bytes_per_count, 64);
}

TEST(PerfPmu, fields_go_to_the_bits_of_their_format) {
  const FakeTree tree;
  testing::add_amd_fabric(tree, "config:0-7,32-35,59-60", "config:8-15");
  const auto event = only_pmu(tree, "amd_df").event_of("x", {{"event", 0x1c7}, {"umask", 0x38}});
  ASSERT_TRUE(event.ok()) << event.status().message();
  EXPECT_EQ(event.value().config.config, 0x1000038c7U);  // 8 low bits, the 9th at bit 32
}

TEST(PerfPmu, other_words_are_reached) {
  const FakeTree tree;
  testing::add_amd_fabric(tree, "config1:4-11", "config2:0");
  const auto event = only_pmu(tree, "amd_df").event_of("x", {{"event", 0xab}, {"umask", 1}});
  ASSERT_TRUE(event.ok()) << event.status().message();
  EXPECT_EQ(event.value().config, (PerfConfig{.config = 0, .config1 = 0xab0, .config2 = 1}));
}

struct Bad {
  const char* file;
  const char* text;
  const char* said;
};

TEST(PerfPmu, tree_that_makes_no_sense_is_an_error) {
  const std::string pmu = testing::device("uncore_imc_0");
  for (const Bad& bad : {Bad{"type", "x", "`type`"}, Bad{"cpumask", "", "`cpumask`"},
                         Bad{"format/event", "config:0-77", "format/event"},
                         Bad{"format/event", "config", "format/event"},
                         Bad{"format/umask", "config9:0-7", "format/umask"},
                         Bad{"format/umask", "config:8", "too few bits"},
                         Bad{"events/cas_count_read", "event=", "events/cas_count_read"},
                         Bad{"events/cas_count_read", "event=4,colour=1", "format/colour"},
                         Bad{"events/cas_count_read.unit", "Joules", "Joules"},
                         Bad{"events/cas_count_read.scale", "-1", "-1"}}) {
    SCOPED_TRACE(bad.said);
    const FakeTree tree;
    testing::add_intel_controller(tree, 0);
    tree.file(pmu + bad.file, bad.text);
    const auto event = only_pmu(tree, "uncore_imc").named_event("cas_count_read");
    ASSERT_FALSE(event.ok());
    EXPECT_EQ(event.status().code(), ErrorCode::corrupt);
    EXPECT_NE(event.status().message().find(bad.said), std::string::npos)
        << event.status().message();
  }
}

}  // namespace
}  // namespace buddy::measure
