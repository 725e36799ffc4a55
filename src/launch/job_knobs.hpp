// The knobs of a launch: sizes of blocks and rings, and what they take of the machine.
#pragma once

#include <cstdint>

#include "arena/sizes.hpp"
#include "launch/job_plan.hpp"

namespace buddy::launch {

/// Errors: invalid_argument for knobs that make no sense.
Result<wire::Knobs> knobs_of(const JobOptions& options);
/// Gives the engines of an emulated DPU shorter rings, unless the user chose: they are slower than
/// the ranks, so rings are full, and what is under way stays in caches. \pre the placement and the
/// nodes of the plan are known
void shorten_rings_of_slow_engines(JobPlan& plan);
/// Tells them to ranks.
void add_knobs(Environment& environment, const wire::Knobs& knobs);

/// /dev/shm that a job on this machine takes, bytes: inbound rings and open blocks of its agents,
/// by the channels that they have, and the rings of its links.
std::uint64_t shared_memory_bytes(const JobPlan& plan);
/// Whether this machine has that much. Errors: invalid_argument, says how much is needed, and which
/// options need less.
Status check_shared_memory(const JobPlan& plan);

}  // namespace buddy::launch
