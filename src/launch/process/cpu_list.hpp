// Lists of CPUs as users write them, and who gets which.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace buddy::launch {

/// Parses "0,2-3" into {0, 2, 3}: the order as written, each CPU once. Not with hwloc's bitmaps:
/// they are sets, and who gets which CPU follows the order; hwloc_bitmap_list_sscanf() also takes
/// "3-1" for an empty list and "7 8" for 7-8.
/// Errors: invalid_argument for anything else, an empty list and a reversed range included.
Result<std::vector<int>> parse_cpu_list(std::string_view text);
/// {0, 2, 3} as "0,2-3".
std::string format_cpu_list(std::span<const int> cpus);

/// \return invalid_argument naming the first CPU of \p wanted that is not among \p allowed
/// \param option what the user wrote the list after
Status check_cpus(std::span<const int> wanted, std::span<const int> allowed,
                  std::string_view option);

/// CPUs of \p all that are not in \p taken, or \p all if none would be left.
std::vector<int> without_cpus(std::span<const int> all, std::span<const int> taken);

/// One rank of several that share \p cpus: a CPU of its own if there are enough, else all of them.
std::vector<int> cpus_of_rank(std::span<const int> cpus, int local_rank, int local_ranks);
/// The \p count CPUs from \p first on, going round; empty if \p cpus is.
std::vector<int> cpus_in_turn(std::span<const int> cpus, int first, int count);

/// Confines the calling thread, and what it starts from now on, to \p cpus. Not with hwloc, which
/// has to load the topology first: 3 to 20 ms in every process of a job.
Status bind_to_cpus(std::span<const int> cpus);

}  // namespace buddy::launch
