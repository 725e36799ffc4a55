// Which runs a benchmark consists of, and in which order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "launch/job_plan.hpp"

namespace buddy::tools {

/// What is compared: Buddy in a placement, or the workload's bulk-synchronous MPI version. remote
/// is engine with a network between a rank and its engine, as if that were on another machine.
enum class Contender { host, shared, engine, dpu, remote, alltoallv };

std::string to_string(Contender contender);
/// Parses "host,engine". Errors: invalid_argument for unknown names and for repetitions.
Result<std::vector<Contender>> parse_contenders(std::string_view list);
/// Placement that a contender's ranks are started in.
launch::Place place_of(Contender contender);
/// Options of a launch of \p contender.
launch::JobOptions options_of(Contender contender, const launch::JobOptions& options);

/// Launches of all contenders, in their order. Errors: as plan_job().
Result<std::vector<launch::JobPlan>> plans_of(const std::vector<Contender>& contenders,
                                              const launch::JobOptions& options,
                                              const std::vector<int>& allowed_cpus);

/// ", routing grid", or ", routing grid (host)" if others route directly; empty if all do.
/// \param plans of \p contenders
std::string format_routing(const std::vector<Contender>& contenders,
                           const std::vector<launch::JobPlan>& plans);

/// "; engines of shared run on the ranks' CPUs": where contenders run otherwise than the job's
/// options say; empty if none does.
std::string format_places(const std::vector<Contender>& contenders);

/// One run of one contender.
struct Step {
  Contender contender = Contender::host;
  int pair = 0;  ///< runs with the same number are compared; warm_up: not counted
  static constexpr int warm_up = -1;
};

/// One turn: a run of every contender, so that what disturbs the machine for a while meets them
/// all. Every other turn goes backwards (A B, B A): what grows or falls steadily favours nobody.
std::vector<Step> plan_turn(const std::vector<Contender>& contenders, int pair);

/// Whether the contender's engines are processes, which route for its ranks.
bool is_offloaded(Contender contender);

}  // namespace buddy::tools
