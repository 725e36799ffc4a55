// What the MPI launcher starts in place of each rank's program.
#pragma once

#include <string>
#include <vector>

namespace buddy::launch {

/// Runs \p program as a rank: on its CPUs (BUDDY_HOST_CPUS), killed as soon as the launcher is, and
/// with its failure on record in the job's directory. Passes on signals that can be caught and ends
/// the way the program did.
int exec_rank(const std::vector<std::string>& program);

}  // namespace buddy::launch
