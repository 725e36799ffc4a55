#include "tools/study/step_runner.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tools/study/study_files.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;
using testing::StudyUnderTest;

Json study_json(const StudyUnderTest& test) { return Json::parse(test.file("study.json")); }

/// Names of everything in the study's folder that no study leaves behind.
std::vector<std::string> temporary_files(const StudyUnderTest& test) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(test.study.folder.path())) {
    const std::string name = entry.path().filename().native();
    if (name.starts_with(".")) names.push_back(name);
  }
  return names;
}

TEST(StepRunner, runs_all_steps_and_keeps_reports_output_and_record) {
  StudyUnderTest test;
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\n");
  EXPECT_EQ(test.file("steps/work-0.txt"), "output of work-0\n");
  const Json study = study_json(test);
  EXPECT_EQ(study["partial"], false);
  for (const Json& step : study["steps"]) {
    EXPECT_EQ(step["state"], "done");
    EXPECT_EQ(step["run"]["exit_code"], 0);
    EXPECT_TRUE(step["run"]["load_before"].is_number());
  }
  EXPECT_TRUE(test.has("study.md"));
}

TEST(StepRunner, goes_on_at_the_first_missing_step) {
  StudyUnderTest test;
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\n");  // once each
  fs::remove(test.study.folder.report_file("work-0"));
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\nwork-0\n");
}

TEST(StepRunner, does_again_what_is_partial_or_damaged) {
  StudyUnderTest test;
  EXPECT_EQ(test.run(), 0);
  test.sandbox().file("study/steps/paper-cache.json", "{\"schema\":");
  EXPECT_EQ(test.run(), 0);
  Json partial = testing::report_of(test.study.all[1], test.study.record);
  partial["partial"] = true;
  test.sandbox().file("study/steps/work-0.json", partial.dump());
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\npaper-cache\nwork-0\n");
}

TEST(StepRunner, a_step_that_fails_does_not_keep_others_from_being_done) {
  StudyUnderTest test;
  test.program(R"([ "$step" = work-0 ] || exit 3
cp "$offered" "$report")");
  EXPECT_EQ(test.run(), 1);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\n");
  const Json study = study_json(test);
  EXPECT_EQ(study["partial"], true);
  EXPECT_EQ(study["steps"][0]["state"], "missing");
  EXPECT_EQ(study["steps"][0]["run"]["exit_code"], 3);
  EXPECT_EQ(study["steps"][1]["state"], "done");
}

TEST(StepRunner, a_report_that_is_none_of_the_step_is_a_failure) {
  StudyUnderTest test;
  test.program(R"(echo '{"schema": "buddy.bench.v1"}' >"$report")");
  EXPECT_EQ(test.run(), 1);
  EXPECT_EQ(study_json(test)["steps"][0]["state"], "unusable");
}

TEST(StepRunner, a_whole_report_of_a_command_that_failed_is_none) {
  StudyUnderTest test;
  test.program(R"(cp "$offered" "$report"
[ "$step" = work-0 ] || exit 7)");
  EXPECT_EQ(test.run(), 1);
  EXPECT_EQ(study_json(test)["steps"][0]["state"], "unusable");
  EXPECT_EQ(study_json(test)["steps"][1]["state"], "done");
  test.program(R"(cp "$offered" "$report")");
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\npaper-cache\n");
}

TEST(StepRunner, only_chosen_steps_are_run_and_others_are_shown_as_missing) {
  StudyUnderTest test;
  test.study.chosen = {test.study.all[1]};
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "work-0\n");
  EXPECT_EQ(study_json(test)["steps"][0]["state"], "missing");
}

TEST(StepRunner, ctrl_c_ends_the_step_and_the_study_goes_on_later) {
  StudyUnderTest test;
  // What the benchmarks do: they end, with a report that says partial.
  test.program(R"(trap 'echo "{}" >"$here/ended"; exit 130' INT
touch "$here/begun"
while :; do sleep 0.05; done)");
  std::thread user([&] {
    sigset_t interrupt;  // it is not this thread's to take
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, nullptr);
    buddy::testing::eventually([&] { return test.sandbox().has("begun"); });
    kill(getpid(), SIGINT);
  });
  EXPECT_EQ(test.run(), 130);
  user.join();
  EXPECT_TRUE(test.sandbox().has("ended"));
  EXPECT_EQ(test.ran(), "paper-cache\n");
  EXPECT_EQ(study_json(test)["steps"][0]["run"]["exit_code"], 130);
  test.program(R"(cp "$offered" "$report")");
  EXPECT_EQ(test.run(), 0);
  EXPECT_EQ(test.ran(), "paper-cache\npaper-cache\nwork-0\n");
}

/// While one lives, files of more than so many bytes cannot be written, as on a full disk.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit small{bytes, limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    (void)signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  sighandler_t handler_ = signal(SIGXFSZ, SIG_IGN);
  rlimit limit_{};
};

TEST(StepRunner, a_disk_that_fills_up_leaves_whole_files_and_no_others) {
  StudyUnderTest test;
  EXPECT_EQ(test.run(), 0);
  const std::string before = test.file("study.json");
  fs::remove(test.study.folder.report_file("work-0"));
  {
    const SmallFiles full(1000);
    EXPECT_EQ(test.run(), 1);
  }
  EXPECT_EQ(test.file("study.json"), before);
  EXPECT_TRUE(temporary_files(test).empty());
  EXPECT_EQ(test.run(), 0);
}

// A folder with anything but a study in it would be refused.
TEST(StepRunner, a_disk_that_is_full_from_the_start_leaves_an_empty_folder) {
  StudyUnderTest test;
  {
    const SmallFiles full(100);
    EXPECT_EQ(test.run(), 1);
  }
  EXPECT_TRUE(fs::is_empty(test.study.folder.path()));
  EXPECT_EQ(test.run(), 0);
}

TEST(StepRunner, without_a_folder_for_reports_no_step_is_run) {
  StudyUnderTest test;
  EXPECT_EQ(test.run(), 0);
  const std::string steps = test.study.folder.path() + "/steps";
  fs::remove_all(steps);
  test.sandbox().file("study/steps", "no folder can be made here");
  EXPECT_EQ(test.run(), 1);
  EXPECT_EQ(test.ran(), "paper-cache\nwork-0\n");
  fs::remove(steps);
  EXPECT_EQ(test.run(), 0);
}

}  // namespace
}  // namespace buddy::tools
