// The workloads that are installed: executables named buddy-NAME beside this one.
#pragma once

#include <string>
#include <vector>

#include "base/status.hpp"

namespace buddy::tools {

/// Names of the workloads in \p folder, sorted.
std::vector<std::string> list_workloads(const std::string& folder);

/// Whether a workload of this name is one of Buddy's, as opposed to somebody's program beside it.
bool is_own_workload(const std::string& name);

/// Path of a workload. Errors: invalid_argument naming those that exist. \param others words that
/// could stand in its place, and may have been meant
Result<std::string> find_workload(const std::string& folder, const std::string& name,
                                  const std::vector<std::string>& others = {});

}  // namespace buddy::tools
