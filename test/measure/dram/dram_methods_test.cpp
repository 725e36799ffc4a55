#include "measure/dram/dram_methods.hpp"

#include <gtest/gtest.h>

namespace buddy::measure {
namespace {

TEST(DramMethods, have_names_and_say_why_they_do_not_work) {
  std::vector<std::string> names;
  for (const DramMethod& method : dram_methods()) {
    names.push_back(method.name);
    EXPECT_TRUE(check_dram_method(method.name).ok());
    EXPECT_FALSE(method.what.empty());
    // "problem (why) what to do"
    if (!method.usable.ok()) {
      EXPECT_NE(method.usable.message().find(" ("), std::string::npos) << method.usable.message();
      EXPECT_NE(method.usable.message().find(") "), std::string::npos) << method.usable.message();
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"resctrl", "perf", "bfperf", "cachegrind"}));
}

TEST(DramMethods, unknown_name_is_refused_with_those_that_exist) {
  EXPECT_TRUE(check_dram_method("auto").ok());
  EXPECT_TRUE(check_dram_method("none").ok());
  const Status status = check_dram_method("likwid");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.message().find("resctrl, perf, bfperf and cachegrind"), std::string::npos)
      << status.message();
}

}  // namespace
}  // namespace buddy::measure
