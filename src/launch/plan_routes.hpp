// Which engines a launch will have, and which way its messages will go.
#pragma once

#include <string>

#include "launch/job_plan.hpp"
#include "wire/job_map.hpp"
#include "wire/routes.hpp"

namespace buddy::launch {

/// Routing of an option, else of the environment, else automatic. Errors: invalid_argument.
Result<Routing> routing_of(const JobOptions& options);

/// What the ranks will agree on. Engines that run as services may have more workers than a plan
/// knows of. Cost: 16 bytes a rank.
wire::JobMap planned_map(const JobPlan& plan);

/// Why the routing that was asked for is direct routing here, and what to do; empty if it is not.
std::string why_direct(const JobPlan& plan);

/// What ranks are told. Where it is direct routing all the same they are told that, because it has
/// been said.
Routing routing_for_ranks(const JobPlan& plan);

/// Errors: invalid_argument if more engines than that can would have channels to each other.
Status check_routing(const JobPlan& plan);

}  // namespace buddy::launch
