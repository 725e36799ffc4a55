#include "tools/command/nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace buddy::tools {
namespace {

TEST(Nearest, counts_letters_to_change) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("bench", "bench"), 0U);
  EXPECT_EQ(edit_distance("bnech", "bench"), 1U);  // swapped
  EXPECT_EQ(edit_distance("bnch", "bench"), 1U);
  EXPECT_EQ(edit_distance("bennch", "bench"), 1U);
  EXPECT_EQ(edit_distance("bensh", "bench"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
}

TEST(Nearest, is_what_takes_the_fewest_slips) {
  const std::vector<std::string> names = {"--table", "--tables", "--seed", "-n"};
  EXPECT_EQ(nearest("--tabel", names), "--table");
  EXPECT_EQ(nearest("--tabels", names), "--tables");
  EXPECT_EQ(nearest("--sed", names), "--seed");
  EXPECT_EQ(nearest("--frobnicate", names), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest("-x", names), "");  // another letter is nothing near
  EXPECT_EQ(advice("--seeed", names, "leave it out"), "did you mean '--seed'?");
  EXPECT_EQ(advice("--frobnicate", names, "leave it out"), "leave it out");
}

TEST(Nearest, choices_are_listed_with_the_near_one) {
  const std::vector<std::string> fabrics = {"shm", "ucx"};
  EXPECT_EQ(check_choice("fabric", "ucx", fabrics), "");
  EXPECT_EQ(check_choice("fabric", "ucxx", fabrics),
            "there is no fabric 'ucxx' (shm and ucx exist) did you mean 'ucx'?");
  const std::vector<std::string> three = {"host", "engine", "alltoallv"};
  EXPECT_EQ(check_choice("placement", "tcp", three),
            "there is no placement 'tcp' (host, engine and alltoallv exist) choose one of them");
}

}  // namespace
}  // namespace buddy::tools
