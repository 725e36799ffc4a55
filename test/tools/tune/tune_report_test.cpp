#include "tools/tune/tune_report.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

constexpr TuneSetting usual{.block_bytes = 32768, .ring_blocks = 16};

/// A search where blocks of 64K take so many times as long, and \p fresh times as long in the end.
TuneReport searched(double larger, double fresh, double seconds = 1, const TuneRules& rules = {}) {
  TuneReport report{.workload = "fake", .program = {}, .plan = {}, .knobs = {}, .result = {}};
  report.plan.placement = launch::Place::engine;
  int pairs = 0;
  report.result = search(
      usual, {.ring = false, .hold = false},
      [&](const TuneSetting& best, const TuneSetting& other) {
        const bool last = best == usual && ++pairs > 2 * rules.fewest_pairs;
        const auto time = [&](const TuneSetting& of) {
          const bool is_larger = of.block_bytes == 65536;
          return seconds * (is_larger ? (last ? fresh : larger) : 1.0);
        };
        return TunePairResult{.pair = {time(best), time(other)}};
      },
      rules);
  return report;
}

TEST(TuneReport, says_what_is_faster_and_by_how_much) {
  EXPECT_EQ(tune_answer(searched(0.8, 0.8)),
            "fake in placement engine is 1.25 times as fast with --block 65536 --ring 16 as with "
            "the defaults (1.25 to 1.25).");
}

TEST(TuneReport, defaults_that_are_best_are_recommended) {
  const TuneReport report = searched(1.1, 1.1);
  EXPECT_EQ(tune_answer(report),
            "The defaults are best for fake in placement engine: none of 2 other setting(s) is "
            "faster by more than the noise.");
  EXPECT_NE(format_tune(report).find("options to type: none"), std::string::npos);
}

TEST(TuneReport, a_gain_that_fresh_pairs_do_not_confirm_is_none) {
  const TuneReport report = searched(0.8, 1.0);
  EXPECT_EQ(tune_answer(report),
            "The defaults are as good as any for fake in placement engine: --block 65536 --ring 16 "
            "was the fastest of 3 other setting(s), and in fresh pairs 1.00 times as fast (1.00 to "
            "1.00).");
  EXPECT_NE(format_tune(report).find("options to type: none"), std::string::npos);
}

TEST(TuneReport, says_that_the_time_limit_came_first) {
  TuneRules rules;
  int settings = 0;
  rules.has_time_for = [&](int) { return ++settings <= 1; };
  const std::string answer = tune_answer(searched(1.1, 1.1, 1, rules));
  EXPECT_NE(answer.find("none of 1 other setting(s)"), std::string::npos) << answer;
  EXPECT_NE(answer.find("The time limit came before all neighbours were tried."), std::string::npos)
      << answer;
}

TEST(TuneReport, runs_that_say_little_are_in_doubt) {
  const std::string answer = tune_answer(searched(1.1, 1.1, 0.01));
  EXPECT_NE(answer.find("In doubt: a run took 0.01 s"), std::string::npos) << answer;
}

}  // namespace
}  // namespace buddy::tools
