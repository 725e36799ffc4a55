#include "tools/command/command_line.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

TEST(CommandLine, what_follows_two_dashes_is_the_programs) {
  const SplitLine line = split_at_dashes({"run", "-n", "2", "--", "prog", "--", "-x"});
  EXPECT_EQ(line.own, (Words{"run", "-n", "2"}));
  EXPECT_EQ(line.extra.after_dashes, (Words{"prog", "--", "-x"}));
  EXPECT_TRUE(split_at_dashes({"stat"}).extra.after_dashes.empty());
}

/// Splits a line of `bench`-like options: -n and --repeat with values, and a flag --quick.
SplitLine split(const Words& words) {
  CLI::App app;
  int n = 0;
  int repeat = 0;
  bool quick = false;
  app.add_option("-n,--ranks", n);
  app.add_option("--repeat", repeat);
  app.add_flag("--quick", quick);
  SplitLine line{.own = words, .extra = {}};
  take_unknown_options(line, Parser(app),
                       [](const std::string& word) { return word == "histogram"; });
  return line;
}

TEST(CommandLine, unknown_options_take_their_values_along) {
  const SplitLine line = split({"histogram", "-n", "2", "--updates", "1000", "--repeat", "3"});
  EXPECT_EQ(line.own, (Words{"histogram", "-n", "2", "--repeat", "3"}));
  EXPECT_EQ(line.extra.unknown, (Words{"--updates", "1000"}));
}

TEST(CommandLine, unknown_flags_leave_other_words_alone) {
  const SplitLine line = split({"--checked", "histogram", "--fast", "--quick"});
  EXPECT_EQ(line.own, (Words{"histogram", "--quick"}));
  EXPECT_EQ(line.extra.unknown, (Words{"--checked", "--fast"}));
}

TEST(CommandLine, values_may_be_glued_or_negative) {
  const SplitLine line = split({"histogram", "-n2", "--seed=5", "--offset", "-7", "--repeat=3"});
  EXPECT_EQ(line.own, (Words{"histogram", "-n2", "--repeat=3"}));
  EXPECT_EQ(line.extra.unknown, (Words{"--seed=5", "--offset", "-7"}));
}

}  // namespace
}  // namespace buddy::tools
