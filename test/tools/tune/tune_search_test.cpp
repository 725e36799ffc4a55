// The search on synthetic costs: what it finds, and what noise does to it.
#include "tools/tune/tune_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <utility>

namespace buddy::tools {
namespace {

using Kind = TunePairResult::Kind;
using Cost = std::function<double(const TuneSetting&)>;

constexpr TuneSetting usual{.block_bytes = 32768, .ring_blocks = 16};

/// Seconds with a noise of so many percent, and a drift that meets both runs of a pair alike.
MeasurePair measured(Cost cost, double noise, std::mt19937_64& random) {
  return [cost = std::move(cost), noise, &random, drift = 1.0](const TuneSetting& best,
                                                               const TuneSetting& other) mutable {
    std::normal_distribution<double> normal(0, noise);
    drift *= std::exp(normal(random));
    const auto run = [&](const TuneSetting& of) {
      return cost(of) * drift * std::exp(normal(random));
    };
    const double best_seconds = run(best);
    return TunePairResult{.pair = {best_seconds, run(other)}};
  };
}

/// One valley: the farther from it, the slower.
double valley(const TuneSetting& of) {
  const double block = std::log2(of.block_bytes) - 17;
  const double ring = std::log2(of.ring_blocks) - 3;
  return 1 + 0.1 * std::abs(block) + 0.05 * std::abs(ring) + (of.hold_us == 0 ? 0 : 0.2);
}

TEST(TuneSearch, finds_the_bottom_of_a_valley) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random(seed);
    const TuneResult found = search(usual, {}, measured(valley, 0.003, random), {});
    EXPECT_TRUE(found.complete());
    EXPECT_LE(valley(found.recommended()), 1.06) << "seed " << seed;
    EXPECT_LT(valley(found.recommended()), valley(usual)) << "seed " << seed;
  }
}

// Whoever wins of many settings that are alike was lucky: the comparison in the end says so.
TEST(TuneSearch, recommends_nothing_where_all_are_alike) {
  int wrong = 0;
  constexpr int searches = 400;
  for (std::uint64_t seed = 1; seed <= searches; ++seed) {
    std::mt19937_64 random(seed);
    const TuneResult found =
        search(usual, {}, measured([](const TuneSetting&) { return 1.0; }, 0.05, random), {});
    if (found.recommended() != usual) ++wrong;
  }
  EXPECT_LE(wrong, searches / 20);
}

TEST(TuneSearch, passes_over_settings_that_fail) {
  std::mt19937_64 random(1);
  const MeasurePair works = measured(valley, 0.003, random);
  const TuneResult found = search(usual, {},
                                  [&](const TuneSetting& best, const TuneSetting& other) {
                                    if (other.block_bytes > 32768)
                                      return TunePairResult{.kind = Kind::failed, .why = "no room"};
                                    return works(best, other);
                                  },
                                  {});
  EXPECT_TRUE(found.complete());
  EXPECT_EQ(found.recommended().block_bytes, 32768u);
  int failed = 0;
  for (const TuneTrial& trial : found.trials) {
    if (trial.outcome != TuneTrial::Outcome::failed) continue;
    EXPECT_EQ(trial.why, "no room");
    ++failed;
  }
  EXPECT_GT(failed, 0);
}

TEST(TuneSearch, a_stop_leaves_what_was_measured) {
  std::mt19937_64 random(1);
  const MeasurePair works = measured(valley, 0.003, random);
  int left = 8;
  const TuneResult found =
      search(usual, {},
             [&](const TuneSetting& best, const TuneSetting& other) {
               if (left-- == 0) return TunePairResult{.kind = Kind::stopped, .why = "a signal"};
               return works(best, other);
             },
             {});
  EXPECT_FALSE(found.complete());
  EXPECT_EQ(found.stopped, "a signal");
  EXPECT_FALSE(found.trials.empty());
  EXPECT_EQ(found.recommended(), usual) << "nothing was compared in the end";
}

TEST(TuneSearch, compares_what_it_has_when_time_is_up) {
  std::mt19937_64 random(1);
  int settings = 0;
  TuneRules rules;
  rules.has_time_for = [&](int pairs) {
    return pairs != rules.fewest_pairs + rules.fewest_final_pairs || ++settings <= 2;
  };
  const TuneResult found = search(usual, {}, measured(valley, 0.003, random), rules);
  EXPECT_FALSE(found.complete());
  EXPECT_EQ(found.recommended().block_bytes, 65536u);
}

TEST(TuneSetting, neighbours_are_possible_and_one_step_away) {
  for (const TuneSetting& one : neighbours(usual, {.most_workers = 4})) {
    EXPECT_NE(one, usual);
    EXPECT_FALSE(options_text(one, usual).empty());
  }
  const TuneSetting small{.block_bytes = 4096, .ring_blocks = 8};
  for (const TuneSetting& one : neighbours(small, {})) {
    EXPECT_GE(std::uint64_t{one.block_bytes} * one.ring_blocks, 32768u);
  }
  EXPECT_EQ(options_text({.block_bytes = 65536, .ring_blocks = 16, .hold_us = 10}, usual),
            "--block 65536 --ring 16 --hold 10");
  EXPECT_EQ(options_text(usual, usual), "");
}

}  // namespace
}  // namespace buddy::tools
