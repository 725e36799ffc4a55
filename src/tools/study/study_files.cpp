#include "tools/study/study_files.hpp"

#include <utility>

#include "tools/report/html_page.hpp"
#include "tools/report/json.hpp"
#include "tools/report/output_file.hpp"
#include "tools/report/page_template.hpp"
#include "tools/report/report_files.hpp"
#include "tools/study/study_figures.hpp"
#include "tools/study/study_text.hpp"

namespace buddy::tools {
namespace {

Json step_json(const StudyStep& step, const StepReport& report, const StudyRecord& record) {
  std::vector<std::string> command = {"buddy"};
  command.insert(command.end(), step.words.begin(), step.words.end());
  const auto run = record.runs.find(step.name);
  return {{"name", step.name},
          {"what", step.what},
          {"command", command},
          {"state", to_string(report.state)},
          {"why", report.why.empty() ? Json(nullptr) : Json(report.why)},
          {"expected_seconds", step.expected_s},
          {"run", run == record.runs.end() ? Json(nullptr) : run->second.to_json()}};
}

}  // namespace

Json study_document(const StudyFolder& folder, const StudyRecord& record,
                    const std::vector<StudyStep>& steps) {
  Json states = Json::array();
  StepReports reports;
  bool partial = false;
  for (const StudyStep& step : steps) {
    StepReport report = folder.read_report(step, record);
    states.push_back(step_json(step, report, record));
    partial = partial || report.state != StepState::done;
    if (report.state == StepState::done)
      reports.emplace_back(step.name, std::move(report.document));
  }
  return {{"schema", study_schema},
          {"machine", *record.machine},
          {"build", record.build.empty() ? Json(nullptr) : Json(record.build)},
          {"command", record.command},
          {"setup", record.setup.to_json()},
          {"partial", partial},
          {"steps", states},
          {"figures", study_figures(reports)}};
}

Status write_study_files(const StudyFolder& folder, const StudyRecord& record,
                         const std::vector<StudyStep>& steps) {
  const Json document = study_document(folder, record, steps);
  Status status = OutputFile{folder.record_file(), study_advice}.write(report_text(document));
  if (status.ok()) {
    status = OutputFile{folder.text_file(), study_advice}.write(study_text(document));
  }
  if (!status.ok() || page_template().before.empty()) return status;
  return write_html(document, folder.page_file(), study_advice);
}

}  // namespace buddy::tools
