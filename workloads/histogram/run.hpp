// The two ways to run the histogram.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>
#include <span>

#include "common/report.hpp"
#include "common/work.hpp"
#include "histogram/options.hpp"
#include "histogram/updates.hpp"

namespace workloads::histogram {

/// Collective: sends this rank's updates as messages, options.rounds times; returns when all ranks'
/// have been applied. The rounds add up in the table.
/// \param table this rank's part, options.table zeros \param work done for every update that
/// arrives
RunResult run_buddy(buddy::Comm& comm, const Options& options, std::span<TableEntry> table,
                    Work& work);

/// Collective: the same by rounds of MPI_Alltoallv, the yardstick.
RunResult run_alltoallv(MPI_Comm comm, const Options& options, std::span<TableEntry> table,
                        Work& work);

}  // namespace workloads::histogram
