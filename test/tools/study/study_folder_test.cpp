#include "tools/study/study_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

using testing::report_of;
using testing::StudyUnderTest;

/// What is said of a step whose report is \p text.
StepReport read(const StudyUnderTest& test, const std::string& text) {
  std::filesystem::create_directories(test.sandbox().path("study/steps"));
  const StudyStep& step = test.study.all.front();
  test.sandbox().file("study/steps/" + step.name + ".json", text);
  return test.study.folder.read_report(step, test.study.record);
}

TEST(StudyFolder, a_report_of_the_step_counts_wherever_it_was_written) {
  const StudyUnderTest test;
  const Json report = report_of(test.study.all.front(), test.study.record);
  const StepReport read_back = read(test, report.dump());
  EXPECT_EQ(read_back.state, StepState::done) << read_back.why;
  EXPECT_EQ(*read_back.document, report);
}

TEST(StudyFolder, what_is_not_there_is_missing_and_what_was_stopped_partial) {
  const StudyUnderTest test;
  EXPECT_EQ(test.study.folder.read_report(test.study.all.front(), test.study.record).state,
            StepState::missing);
  Json report = report_of(test.study.all.front(), test.study.record);
  report["partial"] = true;
  EXPECT_EQ(read(test, report.dump()).state, StepState::partial);
}

TEST(StudyFolder, what_is_none_of_the_study_is_unusable) {
  const StudyUnderTest test;
  const Json right = report_of(test.study.all.front(), test.study.record);
  const auto why = [&](const std::string& text) {
    const StepReport report = read(test, text);
    EXPECT_EQ(report.state, StepState::unusable) << text;
    return report.why;
  };
  EXPECT_NE(why(right.dump().substr(0, 40)).find("is no JSON"), std::string::npos);
  EXPECT_NE(why("").find("is empty"), std::string::npos);
  EXPECT_NE(why("[1]").find("it is no report"), std::string::npos);
  Json wrong = right;
  wrong["schema"] = "buddy.dca.v1";
  EXPECT_NE(why(wrong.dump()).find("its schema is not buddy.bench.v1"), std::string::npos);
  wrong = right;
  wrong["machine"] = 7;
  EXPECT_NE(why(wrong.dump()).find("names no machine"), std::string::npos);
  wrong = right;
  wrong["machine"]["buddy_version"] = "0.0.1";
  EXPECT_NE(why(wrong.dump()).find("another version"), std::string::npos);
  wrong = right;
  wrong["machine"]["kernel"] = "other";
  EXPECT_NE(why(wrong.dump()).find("another machine: 'kernel'"), std::string::npos);
  wrong = right;
  wrong["command"].push_back("--fabric=shm");
  EXPECT_NE(why(wrong.dump()).find("its command line is another one"), std::string::npos);
}

TEST(StudyFolder, is_made_but_none_above_it) {
  const buddy::testing::Sandbox sandbox;
  UniqueFd lock;
  EXPECT_TRUE(StudyFolder(sandbox.path("study")).begin(lock).ok());
  const Status status = StudyFolder(sandbox.path("no/study")).begin(lock);
  EXPECT_NE(status.message().find("cannot keep a study in"), std::string::npos);
  EXPECT_FALSE(sandbox.has("no"));
}

TEST(StudyFolder, with_other_things_or_another_study_in_it_is_refused) {
  const buddy::testing::Sandbox sandbox;
  UniqueFd first;
  UniqueFd second;
  sandbox.file("something", "else");
  EXPECT_NE(StudyFolder(sandbox.path()).begin(first).message().find("other things in it"),
            std::string::npos);
  EXPECT_EQ(sandbox.read("something"), "else");
  const StudyFolder folder(sandbox.path("study"));
  ASSERT_TRUE(folder.begin(first).ok());
  EXPECT_NE(folder.begin(second).message().find("runs in"), std::string::npos);
  first.reset();
  EXPECT_TRUE(folder.begin(second).ok());
}

TEST(StudyFolder, without_a_readable_record_is_none_of_a_study) {
  const buddy::testing::Sandbox sandbox;
  const StudyFolder folder(sandbox.path());
  EXPECT_NE(folder.read_record().status().message().find("No such file"), std::string::npos);
  for (const char* text : {"{", "[]", "{}", R"({"schema": "buddy.study.v1"})",
                           R"({"schema": "buddy.study.v1", "machine": {}, "setup": 1})"}) {
    sandbox.file("study.json", text);
    EXPECT_FALSE(folder.read_record().ok()) << text;
  }
  sandbox.file("study.json",
               R"({"schema": "buddy.study.v1", "machine": {}, "setup": {}, "steps": [1, {"name": 2,
                  "run": {}}, {"name": "dca", "run": {"seconds": "x"}}], "command": [1, "buddy"]})");
  const auto record = folder.read_record();
  ASSERT_TRUE(record.ok()) << record.status().message();
  EXPECT_EQ(record.value().runs.size(), 1u);
  EXPECT_EQ(record.value().command, std::vector<std::string>{"buddy"});
}

}  // namespace
}  // namespace buddy::tools
