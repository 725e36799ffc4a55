#include "tools/bench/workload_list.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <buddy_config.hpp>
#include <filesystem>
#include <string_view>

#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

constexpr std::string_view prefix = "buddy-";

bool is_program(const std::filesystem::directory_entry& entry) {
  std::error_code error;
  return entry.is_regular_file(error) && access(entry.path().c_str(), X_OK) == 0;
}

}  // namespace

std::vector<std::string> list_workloads(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string file = it->path().filename().native();
    if (file.starts_with(prefix) && is_program(*it)) names.push_back(file.substr(prefix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_own_workload(const std::string& name) {
  return std::string_view(BUDDY_WORKLOADS).find(' ' + name + ' ') != std::string_view::npos;
}

Result<std::string> find_workload(const std::string& folder, const std::string& name,
                                  const std::vector<std::string>& others) {
  const std::vector<std::string> known = list_workloads(folder);
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    return folder + '/' + std::string(prefix) + name;
  }
  if (is_own_workload(name)) {
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("workload '{0}' is missing (it was not built: {1} has no {2}{0}) build "
                    "all of them: ./dev build",
                    name, folder, prefix));
  }
  if (known.empty()) {
    return Status(ErrorCode::invalid_argument,
                  fmt::format("there is no workload '{}' ({} has no program named {}*) build or "
                              "install the workloads",
                              name, folder, prefix));
  }
  std::vector<std::string> candidates = known;
  candidates.insert(candidates.end(), others.begin(), others.end());
  return Status(
      ErrorCode::invalid_argument,
      fmt::format("there is no workload '{}' (those that exist: {}) {}", name,
                  fmt::join(known, ", "), advice(name, candidates, "choose one of them")));
}

}  // namespace buddy::tools
