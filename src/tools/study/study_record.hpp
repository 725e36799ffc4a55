// What is known of a study besides the reports of its steps: where and how it is made.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/report/json_fwd.hpp"
#include "tools/study/study_setup.hpp"

namespace buddy::tools {

/// The last run of a step.
struct StepRun {
  std::string started{};  ///< UTC: "2026-11-30T05:00:00Z"
  std::string ended{};
  double seconds = 0;
  int exit_code = 0;  ///< as a shell has it
  std::optional<double>
      load_before{};  ///< of the machine: processes that run or wait, a minute's mean
  std::optional<double> load_after{};

  Json to_json() const;
  static StepRun from_json(const Json& json);
};

struct StudyRecord {
  std::vector<std::string> command{};  ///< what was typed first
  std::string build{};                 ///< of command, workloads and libraries: build_id()
  JsonValue machine = JsonValue::object();
  StudySetup setup{};
  std::map<std::string, StepRun> runs{};  ///< by the name of the step

  std::string version() const;  ///< of Buddy
};

inline constexpr const char* study_schema = "buddy.study.v1";

/// The record of a study that begins now, here.
/// \param folder of Buddy's command and its workloads
StudyRecord new_record(const std::vector<std::string>& command, const StudySetup& setup,
                       const std::string& folder);

/// Why figures of \p record and of \p now must not stand in one study: "of Buddy 0.1.0 (this is
/// 0.2.0) ..."; ok if they may. Errors: invalid_argument.
Status check_same_study(const std::string& folder, const StudyRecord& record,
                        const StudyRecord& now);

/// What a machine is known by, of the objects that describe it: "'cpu_model' is \"A\" there, not
/// \"B\""; empty if it is the same one.
std::string machine_difference(const Json& there, const Json& here);

}  // namespace buddy::tools
