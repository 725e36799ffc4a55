// Runs the steps of a study, one after the other, each in a process of its own.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "tools/study/study_folder.hpp"

namespace buddy::tools {

/// How a program ended, and the first signal that asked this process to stop meanwhile, or 0.
struct StepEnd {
  int exit_code = 0;
  std::string text{};  ///< how, in words
  std::string output{};
  int stop_signal = 0;
};

/// Runs \p argv to its end; what it prints is kept, what it says on stderr is shown. Signals that
/// ask to stop are passed on to it. \pre a launch::SignalGate exists in this thread
/// Errors: system: it cannot be started.
Result<StepEnd> run_step_program(const std::vector<std::string>& argv);

/// What running a study needs to know.
struct StudyRun {
  std::string program;  ///< buddy
  StudyFolder folder;
  StudyRecord record;
  std::vector<StudyStep> all;
  std::vector<StudyStep> chosen;
};

/// Runs the chosen steps that are not done, and writes the study's files after each.
/// \param out where it says what it does
/// \return exit code: 0 if all chosen steps are done, 1 if one failed, 128 + signal
int run_study(StudyRun& study, std::FILE* out);

}  // namespace buddy::tools
