// A study in a folder of its own whose steps are run by a script instead of Buddy.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/sandbox.hpp"
#include "tools/report/json.hpp"
#include "tools/study/step_runner.hpp"
#include "tools/study/study_folder.hpp"
#include "tools/study/study_record.hpp"
#include "tools/study/study_steps.hpp"

namespace buddy::tools::testing {

inline StudySetup setup() {
  return {.ranks = 2,
          .nodes = 2,
          .fabric = "ucx",
          .host_cpus = "0",
          .engine_cpus = "1",
          .dpu = "bluefield3",
          .repeat = 7,
          .dram = "none",
          .quick = true};
}

/// A report that \p step of the study could have written.
inline Json report_of(const StudyStep& step, const StudyRecord& record) {
  Json command = {"/somewhere/buddy"};
  for (const std::string& word : step.words) command.push_back(word);
  command.push_back("--json");
  command.push_back("elsewhere/steps/" + step.name + ".json");
  return {{"schema", step.schema},
          {"machine", *record.machine},
          {"command", command},
          {"partial", false}};
}

/// The first two steps of a study, and a script that does what it is told instead of them.
class StudyUnderTest {
 public:
  StudyUnderTest()
      : study{.program = {},
              .folder = StudyFolder(sandbox_.path("study")),
              .record = new_record({"buddy", "study"}, setup(), sandbox_.path()),
              .all = study_steps(setup()),
              .chosen = {}} {
    study.all.resize(2);
    study.chosen = study.all;
    for (const StudyStep& step : study.all) offer(step, report_of(step, study.record));
    // Finds the name of its report behind --json, and takes the one that was offered.
    program(R"(cp "$offered" "$report")");
  }

  /// What the script does: it knows $step, $report, and the report that was $offered.
  void program(const std::string& text) {
    study.program = sandbox_.script("buddy", R"(here=$(dirname "$0")
while [ "$1" != --json ]; do shift; done
report=$2
step=$(basename "$report" .json)
offered=$here/$step.json
echo "$step" >>"$here/ran"
echo "output of $step"
)" + text + "\n");
  }
  void offer(const StudyStep& step, const Json& report) const {
    sandbox_.file(step.name + ".json", report.dump());
  }
  int run() {
    UniqueFd lock;
    const Status begun = study.folder.begin(lock);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen("/dev/null", "w"),
                                                              std::fclose);
    return begun.ok() ? run_study(study, out.get()) : -1;
  }
  /// Steps that the script ran, one a line.
  std::string ran() const { return sandbox_.has("ran") ? sandbox_.read("ran") : ""; }
  std::string file(const std::string& name) const { return sandbox_.read("study/" + name); }
  bool has(const std::string& name) const { return sandbox_.has("study/" + name); }
  const buddy::testing::Sandbox& sandbox() const { return sandbox_; }

 private:
  buddy::testing::Sandbox sandbox_;

 public:
  StudyRun study;
};

}  // namespace buddy::tools::testing
