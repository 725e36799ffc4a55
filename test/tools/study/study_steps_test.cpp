#include "tools/study/study_steps.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/markdown.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> names_of(const std::vector<StudyStep>& steps) {
  std::vector<std::string> names;
  for (const StudyStep& step : steps) names.push_back(step.name);
  return names;
}

StudySetup full() {
  StudySetup setup = testing::setup();
  setup.quick = false;
  return setup;
}

TEST(StudySteps, have_names_of_their_own_and_a_duration) {
  for (const StudySetup& setup : {testing::setup(), full()}) {
    const auto names = names_of(study_steps(setup));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    for (const StudyStep& step : study_steps(setup)) {
      EXPECT_GT(step.expected_s, 0) << step.name;
      EXPECT_EQ(step.words.front(), "bench") << step.name;
    }
  }
}

TEST(StudySteps, that_need_a_command_which_is_not_there_are_left_out) {
  const auto all = names_of(study_steps(full()));
  const auto fewer = names_of(study_steps(full(), {.has_sizes = false}));
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  EXPECT_TRUE(has(all, "paper-memory"));
  EXPECT_FALSE(has(fewer, "paper-memory"));
  EXPECT_TRUE(has(fewer, "paper-cache"));
  EXPECT_EQ(fewer.size(), all.size() - 1);
}

TEST(StudySteps, a_quick_study_takes_minutes) {
  double quick_s = 0;
  for (const StudyStep& step : study_steps(testing::setup())) quick_s += step.expected_s;
  EXPECT_LT(quick_s, 30 * 60);
}

// Those by which docs/design/predict.md judges the models, too.
TEST(StudySteps, predict_the_programs_outside_the_sweep_that_the_docs_name) {
  std::set<std::string> documented;
  const std::vector<std::string> lines = buddy::testing::Page("design/predict.md").section("good");
  const auto table = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("| outside the sweep");
  });
  for (const auto& row : buddy::testing::first_table({table, lines.end()})) {
    documented.insert(row.at(0));
  }
  EXPECT_EQ(documented.size(), 5u);
  const auto all = study_steps(full());
  const auto model = std::find_if(all.begin(), all.end(),
                                  [](const StudyStep& step) { return step.name == "model"; });
  ASSERT_NE(model, all.end());
  const auto& words = model->words;
  const auto outside = std::find(words.begin(), words.end(), "--outside");
  ASSERT_NE(outside, words.end());
  EXPECT_EQ(std::set<std::string>(outside + 1, words.end()), documented);
}

TEST(StudySteps, are_chosen_by_name_in_their_own_order) {
  const auto all = study_steps(full());
  const auto chosen = choose_steps(all, "dca,slow-*,paper-cache");
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(names_of(chosen.value()),
            (std::vector<std::string>{"paper-cache", "slow-1.5", "slow-2.5", "slow-4", "dca"}));
  EXPECT_EQ(choose_steps(all, "").value().size(), all.size());
}

TEST(StudySteps, that_do_not_exist_are_named) {
  const auto all = study_steps(full());
  const auto wrong = choose_steps(all, "dca,paper-cahce");
  EXPECT_NE(wrong.status().message().find("there is no step 'paper-cahce'"), std::string::npos);
  EXPECT_NE(wrong.status().message().find("did you mean 'paper-cache'?"), std::string::npos);
  EXPECT_FALSE(choose_steps(all, "dca,").ok());
  EXPECT_FALSE(choose_steps(all, "nothing-*").ok());
}

}  // namespace
}  // namespace buddy::tools
