#include "tools/predict/model_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tools/predict/emulated_dpus.hpp"

namespace buddy::tools {
namespace {

TEST(ModelCases, some_of_each_are_spread_and_nested) {
  const auto all = model_cases();
  std::map<std::string, int> have;
  for (const ModelCase& one : all) ++have[one.application];
  std::vector<ModelCase> fewer;
  for (const std::size_t count : {1u, 2u, 4u, 100u}) {
    const auto some = some_of_each(all, count);
    std::map<std::string, std::size_t> of;
    for (const ModelCase& one : some) ++of[one.application];
    ASSERT_EQ(of.size(), have.size());
    for (const auto& [application, chosen] : of) {
      EXPECT_EQ(chosen, std::min(count, static_cast<std::size_t>(have[application])));
    }
    for (const ModelCase& one : fewer) {
      EXPECT_NE(std::find(some.begin(), some.end(), one), some.end());
    }
    fewer = some;
  }
  EXPECT_EQ(fewer, all);
  std::set<std::string> fabrics;
  std::set<std::uint64_t> works;
  for (const ModelCase& one : some_of_each(all, 4)) {
    fabrics.insert(one.fabric);
    works.insert(one.work);
  }
  EXPECT_EQ(fabrics.size(), 2u);
  EXPECT_GE(works.size(), 3u);
}

TEST(ModelCases, programs_outside_the_sweep_are_words) {
  const ModelCase one = outside_case({"bfs", "--scale", "17", "--work", "3"});
  EXPECT_EQ(one.application, "bfs");
  EXPECT_EQ(one.options, (std::vector<std::string>{"--scale", "17", "--work", "3"}));
  EXPECT_EQ(one.work, 3u);
  EXPECT_TRUE(one.outside);
  EXPECT_EQ(outside_case({}).application, "");
}

TEST(EmulatedDpus, are_one_for_each_slowdown) {
  const auto three = parse_emulated_dpus("slowdown=1.5,2.5,4,latency_us=1.2,gbit=200");
  ASSERT_TRUE(three.ok()) << three.status().message();
  ASSERT_EQ(three.value().size(), 3u);
  EXPECT_EQ(three.value()[1], (predict::EmulatedDpu{2.5, 1.2, 200}));
  const auto before = parse_emulated_dpus("latency_us=2,slowdown=3");
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(before.value(), (std::vector<predict::EmulatedDpu>{{3, 2, std::nullopt}}));
  EXPECT_TRUE(parse_emulated_dpus("bluefield3").ok());
  for (const char* wrong : {"", "slowdown=0.5", "slowdown=2,x", "slowdown=2,slowdown=3",
                            "slowdown=2,2", "latency_us=-1", "speed=2", "slowdown=nan"}) {
    EXPECT_EQ(parse_emulated_dpus(wrong).status().code(), ErrorCode::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace buddy::tools
