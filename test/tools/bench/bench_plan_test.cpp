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

// The setting names CPUs for engines, and those of this placement are not on them.
TEST(BenchPlan, says_where_shared_engines_run) {
  EXPECT_EQ(format_places({Contender::host, Contender::shared}),
            "; engines of shared run on the ranks' CPUs");
  EXPECT_EQ(format_places({Contender::host, Contender::engine}), "");
}

// Ranks that route themselves are many engines, and engine processes are few.
TEST(BenchPlan, says_who_routes_over_two_hops) {
  const Contenders both = {Contender::host, Contender::alltoallv, Contender::engine};
  const auto said = [&](const Contenders& contenders, Routing routing, int nodes) {
    const auto plans = plans_of(contenders, {.ranks = 4, .nodes = nodes, .routing = routing}, {0});
    EXPECT_TRUE(plans.ok()) << plans.status().message();
    return format_routing(contenders, plans.value());
  };
  EXPECT_EQ(said(both, Routing::grid, 2), ", routing grid (host)");
  EXPECT_EQ(said(both, Routing::grid, 4), ", routing grid");
  EXPECT_EQ(said({Contender::host}, Routing::node, 2), ", routing node");
  EXPECT_EQ(said(both, Routing::direct, 4), "");
  EXPECT_EQ(said(both, Routing::node, 4), "") << "every node has one engine";
}

// A B, B A: what becomes slower and slower meets both as often first.
TEST(BenchPlan, turns_go_forwards_and_backwards) {
  for (int pair = Step::warm_up; pair < 4; ++pair) {
    const auto steps = plan_turn({Contender::host, Contender::engine}, pair);
    ASSERT_EQ(steps.size(), 2u);
    const bool backwards = pair == 1 || pair == 3;
    EXPECT_EQ(steps[0].contender, backwards ? Contender::engine : Contender::host) << pair;
    EXPECT_EQ(steps[1].contender, backwards ? Contender::host : Contender::engine) << pair;
    EXPECT_EQ(steps[1].pair, pair);
  }
}

TEST(BenchPlan, knows_who_routes_for_the_ranks) {
  EXPECT_FALSE(is_offloaded(Contender::host));
  EXPECT_FALSE(is_offloaded(Contender::alltoallv));
  for (const Contender one :
       {Contender::shared, Contender::engine, Contender::dpu, Contender::remote}) {
    EXPECT_TRUE(is_offloaded(one)) << to_string(one);
  }
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
