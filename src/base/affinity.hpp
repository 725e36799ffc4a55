// Cores.
#pragma once

#include <vector>

namespace buddy {

/// Cores that this thread may run on, ascending.
std::vector<int> allowed_cpus();

}  // namespace buddy
