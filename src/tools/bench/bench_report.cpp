#include "tools/bench/bench_report.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

Status cannot_write(const std::string& path) {
  return {ErrorCode::system, fmt::format("cannot write {} ({}) choose another file after --json",
                                         path, std::strerror(errno))};
}

/// JSON holds UTF-8 only; a command line or a host's name may hold anything.
std::string text_of(const Json& report) {
  return report.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Json bench_report(const Machine& machine, const CoreDistance& distance,
                  const std::vector<std::string>& command, const std::vector<CaseReport>& cases) {
  Json report;
  report["schema"] = "buddy.bench.v1";
  report["machine"] = machine.to_json();
  report["machine"]["core_distance_ns"] = {{"before", or_null(distance.before_ns)},
                                           {"after", or_null(distance.after_ns)}};
  report["command"] = command;
  report["results"] = Json::array();
  report["summary"] = Json::object();
  for (const CaseReport& one : cases) {
    for (const Record& record : one.records) report["results"].push_back(record.to_json());
    report["summary"][one.summary.workload] = one.summary.to_json();
  }
  return report;
}

Status check_writable(const std::string& path) {
  if (path == "-") return {};
  const std::ofstream file(path, std::ios::app);
  return file ? Status() : cannot_write(path);
}

Status write_report(const Json& report, const std::string& path) {
  if (path == "-") {
    std::cout << text_of(report) << std::endl;
    return std::cout ? Status() : cannot_write("stdout");
  }
  std::ofstream file(path, std::ios::trunc);
  file << text_of(report) << '\n';
  file.close();
  return file ? Status() : cannot_write(path);
}

}  // namespace buddy::tools
