#include "measure/dram/dram_methods.hpp"

#include <gtest/gtest.h>

namespace buddy::measure {
namespace {

TEST(DramMethods, have_names_and_say_why_they_do_not_work) {
  std::vector<std::string> names;
  for (const DramMethod& method : dram_methods()) {
    names.push_back(method.name);
    EXPECT_FALSE(method.what.empty());
    // "problem (why) what to do"
    if (!method.usable.ok()) {
      EXPECT_NE(method.usable.message().find(" ("), std::string::npos) << method.usable.message();
      EXPECT_NE(method.usable.message().find(") "), std::string::npos) << method.usable.message();
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"resctrl", "perf", "bfperf", "cachegrind"}));
}

TEST(DramMethods, names_are_those_and_the_two_that_choose_none_of_them) {
  EXPECT_EQ(dram_method_names(),
            (std::vector<std::string>{"auto", "none", "resctrl", "perf", "bfperf", "cachegrind"}));
}

}  // namespace
}  // namespace buddy::measure
