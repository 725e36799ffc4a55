// Which events are counted on which processor.
#include "measure/dram/perf_uncore.hpp"

#include <gtest/gtest.h>

#include "measure/dram/perf_trees.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;
using Names = std::vector<std::string>;

Names names_of(const Result<std::vector<PerfEvent>>& events) {
  Names names;
  EXPECT_TRUE(events.ok()) << events.status().message();
  if (!events.ok()) return names;
  for (const PerfEvent& event : events.value()) names.push_back(event.name);
  return names;
}

TEST(PerfUncore, intel_server_counts_all_controllers) {
  const FakeTree tree;
  testing::add_intel_controller(tree, 0);
  testing::add_intel_controller(tree, 1);
  EXPECT_EQ(names_of(memory_events({tree.root()})),
            (Names{"uncore_imc_0/cas_count_read", "uncore_imc_0/cas_count_write",
                   "uncore_imc_1/cas_count_read", "uncore_imc_1/cas_count_write"}));
}

TEST(PerfUncore, free_running_counters_are_not_added_to_those_of_commands) {
  const FakeTree tree;
  testing::add_intel_controller(tree, 0);
  testing::add_intel_desktop(tree);
  EXPECT_EQ(names_of(memory_events({tree.root()})),
            (Names{"uncore_imc_0/cas_count_read", "uncore_imc_0/cas_count_write"}));
}

TEST(PerfUncore, intel_desktop_has_free_running_counters) {
  const FakeTree tree;
  testing::add_intel_desktop(tree);
  EXPECT_EQ(names_of(memory_events({tree.root()})),
            (Names{"uncore_imc/data_reads", "uncore_imc/data_writes"}));
}

TEST(PerfUncore, amd_controllers_go_before_the_fabric) {
  const FakeTree tree;
  testing::add_amd_controller(tree, 0);
  testing::add_amd_fabric(tree, "config:0-7,32-37", "config:8-15,24-27");
  testing::add_cpu(tree, 0x1a, 0x02);
  const auto events = memory_events({tree.root()});
  EXPECT_EQ(names_of(events), (Names{"amd_umc_0/umc_cas_cmd.rd", "amd_umc_0/umc_cas_cmd.wr"}));
  EXPECT_EQ(events.value()[0].config.config, 0x10aU);
  EXPECT_EQ(events.value()[1].config.config, 0x20aU);
  EXPECT_DOUBLE_EQ(events.value()[0].bytes_per_count, 64);
}

TEST(PerfUncore, zen_1_to_3_count_dram_channels) {
  for (const auto& [family, model] :
       {std::pair{0x17, 0x31}, std::pair{0x18, 0}, std::pair{0x19, 1}, std::pair{0x19, 0x21}}) {
    const FakeTree tree;
    testing::add_amd_fabric(tree, "config:0-7,32-35,59-60", "config:8-15");
    testing::add_cpu(tree, family, model);
    const auto events = memory_events({tree.root()});
    const Names names = names_of(events);
    ASSERT_EQ(names.size(), 8U);
    EXPECT_EQ(names[0], "amd_df/dram_channel_data0");
    EXPECT_EQ(events.value()[0].config.config, 0x3807U);
    EXPECT_EQ(events.value()[3].config.config, 0x38c7U);
    EXPECT_EQ(events.value()[4].config.config, 0x100003807U);
  }
}

TEST(PerfUncore, zen_4_without_controllers_counts_beats_of_stations) {
  const FakeTree tree;
  testing::add_amd_fabric(tree, "config:0-7,32-37", "config:8-15,24-27");
  testing::add_cpu(tree, 0x19, 0x11);
  const auto events = memory_events({tree.root()});
  const Names names = names_of(events);
  ASSERT_EQ(names.size(), 24U);
  EXPECT_EQ(names[0], "amd_df/read_beats0");
  EXPECT_EQ(names[23], "amd_df/write_beats11");
  EXPECT_EQ(events.value()[0].config.config, 0x0700fe1fU);
}

TEST(PerfUncore, processor_that_is_not_known_is_said) {
  const FakeTree tree;
  testing::add_amd_fabric(tree, "config:0-7", "config:8-15");
  testing::add_cpu(tree, 0x15, 2);
  const auto events = memory_events({tree.root()});
  ASSERT_FALSE(events.ok());
  EXPECT_NE(events.status().message().find("family 21, model 2"), std::string::npos)
      << events.status().message();
}

TEST(PerfUncore, machine_without_counters_is_said) {
  const FakeTree tree;
  const auto events = memory_events({tree.root()});
  ASSERT_FALSE(events.ok());
  EXPECT_NE(events.status().message().find("neither uncore_imc* nor amd_umc* nor amd_df"),
            std::string::npos);
}

}  // namespace
}  // namespace buddy::measure
