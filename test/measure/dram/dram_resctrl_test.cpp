// On a tree of plain files: what the kernel makes in a new group is made here beforehand.
#include "measure/dram/dram_resctrl.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "support/fake_tree.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;

class Resctrl : public ::testing::Test {
 protected:
  void SetUp() override {
    tree_.file("info/L3_MON/mon_features", "llc_occupancy\nmbm_total_bytes\nmbm_local_bytes");
    count("host", 0, "1000");
    count("host", 1, "50");
    count("engine", 0, "7");
  }
  std::string group(const std::string& side) const {
    return "mon_groups/buddy-" + std::to_string(getpid()) + "-" + side;
  }
  void count(const std::string& side, int cache, const std::string& bytes) const {
    tree_.file(group(side) + "/mon_data/mon_L3_0" + std::to_string(cache) + "/mbm_total_bytes",
               bytes);
  }
  FakeTree tree_;
};

TEST_F(Resctrl, counts_ranks_and_engines_apart) {
  ResctrlMeter meter(tree_.root());
  ASSERT_TRUE(meter.available().ok()) << meter.available().message();
  ASSERT_TRUE(meter.start().ok());
  EXPECT_EQ(meter.task_files().host, tree_.path(group("host")) + "/tasks");
  EXPECT_EQ(meter.task_files().engine, tree_.path(group("engine")) + "/tasks");
  count("host", 0, "1640");
  count("host", 1, "114");
  count("engine", 0, "135");
  const auto reading = meter.read();
  ASSERT_TRUE(reading.ok()) << reading.status().message();
  EXPECT_EQ(reading.value().host_bytes, 704U);
  EXPECT_EQ(reading.value().engine_bytes, 128U);
  EXPECT_EQ(reading.value().total_bytes, 832U);
}

TEST_F(Resctrl, counter_that_the_processor_has_not_got_is_said) {
  count("engine", 0, "Unavailable");
  ResctrlMeter meter(tree_.root());
  const Status status = meter.start();
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.message().find("'Unavailable'"), std::string::npos) << status.message();
}

TEST_F(Resctrl, removes_its_groups) {
  const FakeTree empty;  // rmdir() of a plain folder needs it empty, as the kernel's never is
  empty.file("info/L3_MON/mon_features", "mbm_total_bytes");
  std::filesystem::create_directories(empty.path("mon_groups"));
  ResctrlMeter meter(empty.root());
  EXPECT_FALSE(meter.start().ok());  // no counters in them
  EXPECT_TRUE(std::filesystem::is_empty(empty.path("mon_groups")));
  EXPECT_TRUE(meter.task_files().host.empty());
}

TEST_F(Resctrl, says_what_would_enable_it) {
  const FakeTree nothing;
  EXPECT_NE(ResctrlMeter(nothing.root()).available().message().find("mount -t resctrl"),
            std::string::npos);
  tree_.file("info/L3_MON/mon_features", "llc_occupancy");
  EXPECT_NE(ResctrlMeter(tree_.root()).available().message().find("lacks mbm_total_bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace buddy::measure
