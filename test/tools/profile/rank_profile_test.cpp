#include "tools/profile/rank_profile.hpp"

#include <gtest/gtest.h>

#include "support/sandbox.hpp"
#include "tools/profile/profiles.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Sandbox;
using testing::rank_text;

TEST(RankProfile, reads_what_a_rank_writes) {
  const auto profile = parse_rank_profile(rank_text(3, {{"wall_ns", 2.5e9}}));
  ASSERT_TRUE(profile.ok()) << profile.status().message();
  EXPECT_EQ(profile.value().host, "here");
  EXPECT_EQ(profile.value().fabric, "ucx");
  EXPECT_EQ(profile.value().routing, "direct");
  EXPECT_EQ(profile.value()["rank"], 3);
  EXPECT_DOUBLE_EQ(profile.value().seconds("wall_ns"), 2.5);
}

TEST(RankProfile, refuses_what_is_cut_off_damaged_or_of_another_version) {
  const std::string good = rank_text(0);
  for (std::size_t bytes = 0; bytes + 1 < good.size(); bytes += 7) {
    EXPECT_FALSE(parse_rank_profile(good.substr(0, bytes)).ok()) << bytes;
  }
  std::string other = good;
  other.replace(other.find("v1"), 2, "v9");
  EXPECT_EQ(parse_rank_profile(other).status().code(), ErrorCode::corrupt);
  EXPECT_EQ(parse_rank_profile(good + "extra words\n").status().code(), ErrorCode::corrupt);
  for (const char* number : {"nan", "-1", "inf", "1e20", "1 2", ""}) {
    const std::string bad = good + "wall_ns " + number + "\n";
    EXPECT_EQ(parse_rank_profile(bad).status().code(), ErrorCode::corrupt) << number;
  }
}

TEST(RankProfile, every_rank_once_and_in_order) {
  const Sandbox sandbox;
  sandbox.file("rank-1-7-0.profile", rank_text(1));
  sandbox.file("rank-0-6-0.profile", rank_text(0));
  sandbox.file("something.else", "not a profile");
  const auto ranks = read_rank_profiles(sandbox.path());
  ASSERT_TRUE(ranks.ok()) << ranks.status().message();
  ASSERT_EQ(ranks.value().size(), 2u);
  EXPECT_EQ(ranks.value()[0]["rank"], 0);
  EXPECT_EQ(ranks.value()[1]["rank"], 1);
}

TEST(RankProfile, communicators_of_a_rank_add_up_and_marked_regions_come_first) {
  const Sandbox sandbox;
  const auto write = [&](int k, double marked, double wall, double messages) {
    sandbox.file(
        "rank-0-6-" + std::to_string(k) + ".profile",
        rank_text(
            0, {{"region_marked", marked}, {"wall_ns", wall}, {"stats.messages_sent", messages}}));
  };
  write(0, 0, 9e9, 1000);
  write(1, 1, 1e9, 10);
  write(2, 1, 2e9, 5);
  const auto ranks = read_rank_profiles(sandbox.path());
  ASSERT_TRUE(ranks.ok()) << ranks.status().message();
  EXPECT_EQ(ranks.value()[0]["stats.messages_sent"], 15);
  EXPECT_EQ(ranks.value()[0]["wall_ns"], 2e9);
}

TEST(RankProfile, nothing_is_an_error) {
  const Sandbox sandbox;
  EXPECT_EQ(read_rank_profiles(sandbox.path()).status().code(), ErrorCode::no_engine);
}

}  // namespace
}  // namespace buddy::tools
