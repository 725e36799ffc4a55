#include "tools/bench/bench_plan.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

using Contenders = std::vector<Contender>;

TEST(BenchPlan, reads_contenders) {
  EXPECT_EQ(parse_contenders("host").value(), (Contenders{Contender::host}));
  EXPECT_EQ(parse_contenders("engine,alltoallv,host").value(),
            (Contenders{Contender::engine, Contender::alltoallv, Contender::host}));
}

TEST(BenchPlan, refuses_unknown_and_repeated_contenders) {
  for (const char* list : {"", "host,", "auto", "host,host", "host engine", "Host"}) {
    EXPECT_FALSE(parse_contenders(list).ok()) << list;
  }
  EXPECT_NE(parse_contenders("auto").status().message().find(
                "host, shared, engine, dpu, remote and alltoallv exist"),
            std::string::npos);
}

TEST(BenchPlan, contenders_take_turns_after_one_warm_up_each) {
  const auto steps = plan_steps({Contender::host, Contender::engine}, 2);
  ASSERT_EQ(steps.size(), 6u);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].contender, i % 2 == 0 ? Contender::host : Contender::engine);
    EXPECT_EQ(steps[i].pair, static_cast<int>(i / 2) - 1);
  }
  EXPECT_EQ(steps[0].pair, Step::warm_up);
}

TEST(BenchPlan, only_the_engine_needs_engines) {
  EXPECT_EQ(place_of(Contender::engine), launch::Place::engine);
  EXPECT_EQ(place_of(Contender::host), launch::Place::host);
  EXPECT_EQ(place_of(Contender::remote), launch::Place::engine);
  EXPECT_EQ(place_of(Contender::shared), launch::Place::shared);
  EXPECT_EQ(place_of(Contender::dpu), launch::Place::dpu);
  EXPECT_EQ(place_of(Contender::alltoallv), launch::Place::host);
}

TEST(BenchPlan, a_remote_engine_is_one_over_the_network) {
  launch::JobOptions options;
  options.link = "rings";
  EXPECT_EQ(options_of(Contender::remote, options).link, "ucx");
  EXPECT_EQ(options_of(Contender::engine, options).link, "rings");
  EXPECT_EQ(options_of(Contender::host, {}).link, "");
}

}  // namespace
}  // namespace buddy::tools
