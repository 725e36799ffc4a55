// A smaller version of a benchmark, for methods that are a hundred times slower than the machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace buddy::tools {

struct SmallProblem {
  std::vector<std::string> arguments;
  /// What the memory that the program works on is smaller by. A cache smaller by as much misses as
  /// often as the whole one does on the whole problem.
  std::uint64_t cache_divisor = 1;
};

/// A run of the workload that takes seconds in a simulator. What sets the number of messages is
/// made smaller; tables keep their size, because how often a message misses depends on it, unless
/// they are so large that filling them takes minutes. In graphs and matrices, where messages and
/// memory grow together, both become smaller, and the memory of --work too. Everything else stays
/// as the user gave it; so does all of an input file, and of a workload that is not known.
SmallProblem smaller_problem(const std::string& workload,
                             const std::vector<std::string>& arguments);

}  // namespace buddy::tools
