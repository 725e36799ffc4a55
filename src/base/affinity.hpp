// Cores.
#pragma once

#include <vector>

namespace buddy {

/// Cores that this thread may run on, ascending.
std::vector<int> allowed_cpus();

/// Keeps this thread on one CPU. \return false if it may not run there
bool stay_on_cpu(int cpu) noexcept;

}  // namespace buddy
