// On a tree laid out like BlueField-3's.
#include "measure/dram/dram_bfperf.hpp"

#include <gtest/gtest.h>

#include "base/small_files.hpp"
#include "support/fake_tree.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;

constexpr const char* miss_events =
    "0x0: GDC_MISS_MACHINE_RD_REQ\n0x1: GDC_MISS_MACHINE_WR_REQ\n"
    "0x2: GDC_MISS_MACHINE_SNP_REQ\n0x3: GDC_MISS_MACHINE_EVICT_REQ\n"
    "0xe: GDC_MISS_MACHINE_G_FIFO_FF_EXEC0_1 ";

class Bfperf : public ::testing::Test {
 protected:
  void SetUp() override {
    tree_.file("hwmon0/name", "nvme");
    tree_.file("hwmon2/name", "bfperf");
    tree_.file("hwmon2/llt0/event_list", "0x0: HNF0_CYCLES\n0xb: HNF0_MEM_READS");
    for (const char* block : {"llt_miss0", "llt_miss1"}) add_block(block);
  }
  void add_block(const std::string& block) const {
    const std::string folder = "hwmon2/" + block + "/";
    tree_.file(folder + "event_list", miss_events);
    tree_.file(folder + "enable", "0");
    for (const char* number : {"0", "1", "2", "3"}) {
      tree_.file(folder + "event" + number, "0x0: GDC_MISS_MACHINE_RD_REQ");
      tree_.file(folder + "counter" + number, "0x0");
    }
  }
  void count(const std::string& block, int number, const std::string& value) const {
    tree_.file("hwmon2/" + block + "/counter" + std::to_string(number), value);
  }
  std::string content(const std::string& name) const {
    return read_small_file(tree_.path("hwmon2/" + name)).value_or("?");
  }
  FakeTree tree_;
};

TEST_F(Bfperf, selects_events_and_starts_the_blocks) {
  {
    BfperfMeter meter(tree_.root());
    ASSERT_TRUE(meter.available().ok()) << meter.available().message();
    ASSERT_TRUE(meter.start().ok());
    for (const std::string block : {"llt_miss0", "llt_miss1"}) {
      // A plain file keeps what the shorter text does not overwrite.
      EXPECT_TRUE(content(block + "/event0").starts_with("0x0"));
      EXPECT_TRUE(content(block + "/event1").starts_with("0x1"));
      EXPECT_TRUE(content(block + "/event2").starts_with("0x3"));
      EXPECT_EQ(content(block + "/enable"), "1");
    }
  }
  EXPECT_EQ(content("llt_miss0/enable"), "0");
}

TEST_F(Bfperf, adds_up_all_blocks_in_lines) {
  BfperfMeter meter(tree_.root());
  ASSERT_TRUE(meter.start().ok());
  count("llt_miss0", 0, "0x10");
  count("llt_miss0", 2, "0x2");
  count("llt_miss1", 1, "0x1");
  EXPECT_EQ(meter.read().value().total_bytes, 19U * 64);
}

TEST_F(Bfperf, counters_of_32_bits_may_wrap) {
  count("llt_miss0", 0, "0xfffffff0");
  BfperfMeter meter(tree_.root());
  ASSERT_TRUE(meter.start().ok());
  count("llt_miss0", 0, "0x10");
  EXPECT_EQ(meter.read().value().total_bytes, 32U * 64);
  count("llt_miss0", 0, "0x8");
  EXPECT_EQ(meter.read().value().total_bytes, (std::uint64_t{32} + 0xfffffff8U) * 64);
}

TEST_F(Bfperf, says_what_is_missing) {
  const FakeTree nothing;
  EXPECT_NE(BfperfMeter(nothing.root()).available().message().find("no BlueField"),
            std::string::npos);
  const FakeTree older;
  older.file("hwmon0/name", "bfperf");
  older.file("hwmon0/l3cachehalf0/enable", "0");
  EXPECT_NE(BfperfMeter(older.root()).available().message().find("has no llt_miss*"),
            std::string::npos);
  tree_.file("hwmon2/llt_miss1/event_list", "0x0: GDC_MISS_MACHINE_RD_REQ");
  BfperfMeter meter(tree_.root());
  EXPECT_NE(meter.start().message().find("lacks GDC_MISS_MACHINE_WR_REQ"), std::string::npos);
  EXPECT_EQ(content("llt_miss0/enable"), "0");  // what was started is stopped again
  tree_.file("hwmon2/llt_miss1/event_list", miss_events);
  ASSERT_TRUE(meter.start().ok());
  count("llt_miss1", 1, "nonsense");
  EXPECT_NE(meter.read().status().message().find("counter1"), std::string::npos);
}

}  // namespace
}  // namespace buddy::measure
