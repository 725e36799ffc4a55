#include "common/line_slips.hpp"

#include <gtest/gtest.h>

namespace workloads {
namespace {

const std::vector<KnownOption> known = {{"--help"},
                                        {"--updates", "COUNT"},
                                        {"--scale", "COUNT", {"--input"}},
                                        {"--input", "FILE", {"--scale"}},
                                        {"--no-prefetch"}};

std::string slip(const std::vector<std::string>& words) {
  return find_slip(words, known, "bin/buddy-x");
}

TEST(LineSlips, are_named_with_what_to_do) {
  EXPECT_EQ(slip({"--updaets", "5"}),
            "there is no option '--updaets' (see bin/buddy-x --help) did you mean '--updates'?");
  EXPECT_EQ(slip({"-updates", "5"}),
            "there is no option '-updates' (see bin/buddy-x --help) did you mean '--updates'?");
  EXPECT_EQ(slip({"-x"}), "there is no option '-x' (see bin/buddy-x --help) leave it out");
  EXPECT_EQ(slip({"--updates"}),
            "the value of --updates is missing (it takes one) write it like --updates COUNT");
  EXPECT_EQ(slip({"--updates="}), slip({"--updates"}));
  EXPECT_EQ(slip({"--updates", "--no-prefetch"}), slip({"--updates"}));
  EXPECT_EQ(slip({"--updates", "5", "--updates=6"}),
            "--updates is given twice (one value can count) leave one of them out");
  EXPECT_EQ(slip({"--no-prefetch=off"}),
            "--no-prefetch takes no value ('=off' follows it) leave that out");
  EXPECT_EQ(slip({"--scale", "5", "--input", "a"}),
            "--input excludes --scale (they contradict each other) leave one of them out");
  EXPECT_EQ(slip({"updates"}),
            "'updates' stands alone (this program takes options only) did you mean '--updates'?");
  EXPECT_EQ(slip({"5"}), "'5' stands alone (this program takes options only) leave it out");
}

TEST(LineSlips, are_not_in_lines_that_are_right) {
  EXPECT_EQ(slip({}), "");
  EXPECT_EQ(slip({"--updates", "5", "--no-prefetch", "--input=-"}), "");
  EXPECT_EQ(slip({"--updates", "-5"}), "");  // the value is wrong, not the line
}

}  // namespace
}  // namespace workloads
