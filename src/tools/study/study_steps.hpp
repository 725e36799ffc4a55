// What a study consists of: commands of Buddy, in order.
#pragma once

#include <string>
#include <vector>

#include "base/status.hpp"
#include "tools/study/study_setup.hpp"

namespace buddy::tools {

/// One command of a study. Its report goes to steps/NAME.json, what it prints to steps/NAME.txt.
struct StudyStep {
  std::string name;
  std::string schema;              ///< of its report
  std::vector<std::string> words;  ///< what is typed after "buddy", but for --json
  double expected_s = 0;           ///< on the machine of docs/study.md
  std::string what;                ///< it is for
};

/// Commands and options that steps need and that not every buddy has.
struct StudyAbilities {
  bool has_sizes = true;  ///< bench paper --size
};

/// All steps that this buddy can run, those first that answer most.
std::vector<StudyStep> study_steps(const StudySetup& setup, const StudyAbilities& abilities = {});

/// The steps that \p list names: "paper-cache,dca"; a word that ends with * names all that begin
/// so. Empty: all. In the order of \p all.
/// Errors: invalid_argument: a name that no step has.
Result<std::vector<StudyStep>> choose_steps(const std::vector<StudyStep>& all,
                                            const std::string& list);

}  // namespace buddy::tools
