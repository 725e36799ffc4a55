// The folder of a study: where its files are, and what they hold so far.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "tools/report/json_fwd.hpp"
#include "tools/study/study_record.hpp"
#include "tools/study/study_steps.hpp"

namespace buddy::tools {

enum class StepState { missing, done, partial, unusable };
std::string to_string(StepState state);

/// What there is of one step.
struct StepReport {
  StepState state = StepState::missing;
  std::string why{};     ///< it is unusable: "it is cut off"
  JsonValue document{};  ///< if it is done
};

class StudyFolder {
 public:
  explicit StudyFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string record_file() const { return path_ + "/study.json"; }
  std::string text_file() const { return path_ + "/study.md"; }
  std::string page_file() const { return path_ + "/study.html"; }
  std::string report_file(const std::string& step) const {
    return path_ + "/steps/" + step + ".json";
  }
  std::string output_file(const std::string& step) const {
    return path_ + "/steps/" + step + ".txt";
  }
  bool has_record() const;

  /// Makes the folder, but none above it, and keeps other studies out while \p lock lives.
  /// Errors: system: cannot be made, holds other things than a study, a study runs in it.
  Status begin(UniqueFd& lock) const;
  /// Makes the folder of the steps' reports. Errors: system.
  Status make_steps() const;
  /// Errors: system: there is less room than a step may need.
  Status check_room() const;
  /// Errors: invalid_argument: there is no study, or its record cannot be read.
  Result<StudyRecord> read_record() const;
  /// Whether a step is done: its report is there, whole, and of this study.
  StepReport read_report(const StudyStep& step, const StudyRecord& record) const;

 private:
  std::string path_;
};

}  // namespace buddy::tools
