// How far apart the cores of a job are.
#pragma once

#include <optional>

#include "launch/job_plan.hpp"

namespace buddy::tools {

/// Round trip of a cache line, ns, between the cores of a job's ranks and of its engines, or of two
/// of its ranks; if that is one CPU, between the first two that are allowed.
/// \return nothing where there is one CPU only, or other work made it take too long
std::optional<double> measure_job_distance_ns(const launch::JobPlan& plan);

}  // namespace buddy::tools
