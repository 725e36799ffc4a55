// Which jobs `buddy bench scale` simulates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "launch/job_plan.hpp"
#include "tools/command/parser.hpp"
#include "tools/scale/scale_case.hpp"

namespace buddy::tools {

/// What the command line asks for: every combination of the lists.
struct ScaleOptions {
  std::vector<std::uint64_t> agents = {64, 256, 1024};
  std::vector<std::uint64_t> messages = {1'000};
  std::vector<Routing> routings = {Routing::direct, Routing::grid};
  std::vector<Traffic> traffics = {Traffic::histogram, Traffic::skewed, Traffic::neighbour};
  int ranks_per_agent = 1;
  std::optional<int> nodes;  ///< nothing: one for each agent
  int payload_bytes = 8;
  int seed = 1;
  launch::JobOptions knobs;  ///< of which --block, --ring and --hold
  ScaleModel model;
};

/// Adds all but what is common to commands with reports. \p options must outlive the parsing.
void add_scale_options(Parser app, ScaleOptions& options);

/// Jobs in the order in which they are simulated. Where two routings are the same for a number of
/// agents, one of them is left out.
/// Errors: invalid_argument
Result<std::vector<ScaleCase>> plan_scale(const ScaleOptions& options);

/// Takes "packet=2000,latency=1500". \return what is wrong, or nothing
std::string take_costs(const std::string& text, ScaleModel& model);

}  // namespace buddy::tools
