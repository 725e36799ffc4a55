// CPUs of the ranks of one machine of a job that runs on several.
#pragma once

#include <vector>

#include "base/status.hpp"
#include "launch/report/report_message.hpp"

namespace buddy::launch {

/// Lists that hold on this machine.
struct HostCpus {
  std::vector<int> host;    ///< never empty
  std::vector<int> engine;  ///< empty: engines run anywhere
};

/// Checks the command's lists against \p allowed. Errors: invalid_argument naming the CPU that this
/// machine does not have.
Result<HostCpus> cpus_on_host(const report::Welcome& welcome, const std::vector<int>& allowed);

}  // namespace buddy::launch
