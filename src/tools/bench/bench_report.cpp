#include "tools/bench/bench_report.hpp"

#include "tools/bench/bench_verdict.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {

std::vector<Summary> summaries_of(const std::vector<CaseReport>& cases) {
  std::vector<Summary> summaries;
  for (const CaseReport& one : cases) summaries.push_back(one.summary);
  return summaries;
}

Json bench_report(const Machine& machine, const CoreDistance& distance,
                  const std::vector<std::string>& command, const std::vector<CaseReport>& cases,
                  const Json& paper, bool partial) {
  Json report;
  report["schema"] = "buddy.bench.v1";
  report["machine"] = machine.to_json();
  report["machine"]["core_distance_ns"] = {{"before", or_null(distance.before_ns)},
                                           {"after", or_null(distance.after_ns)}};
  report["command"] = command;
  report["partial"] = partial;
  report["answer"] = bench_answer(summaries_of(cases));
  report["results"] = Json::array();
  report["summary"] = Json::object();
  for (const CaseReport& one : cases) {
    for (const Record& record : one.records) report["results"].push_back(record.to_json());
    report["summary"][one.summary.workload] = one.summary.to_json();
  }
  report["paper"] = paper;
  return report;
}

}  // namespace buddy::tools
