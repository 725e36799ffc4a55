// What came out of simulated jobs: as JSON and for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/report/json_fwd.hpp"
#include "tools/report/machine.hpp"
#include "tools/scale/scale_job.hpp"

namespace buddy::tools {

/// A job that is not simulated.
struct SizedJob {
  ScaleCase job;
  EngineMemory memory;
};

struct ScaleReport {
  ScaleModel model;
  std::vector<ScaleResult> results;
  std::vector<SizedJob> paper;  ///< see sizes_on_paper()
  bool partial = false;
};

/// Direct and grid of the same job, and what auto means for it.
struct ScaleComparison {
  const ScaleResult* direct;
  const ScaleResult* grid;
  const ScaleResult* fastest;  ///< of all routings that were simulated
  const ScaleResult* chosen;   ///< by auto; nullptr if that was not simulated
  Routing automatic;

  double packets() const noexcept { return direct->packets.mean / grid->packets.mean; }
  double seconds() const noexcept { return direct->seconds / grid->seconds; }
  /// How much longer the chosen one takes than the fastest: 0 if it is that; nothing if it is not
  /// known.
  std::optional<double> behind() const noexcept;
};

/// Of all jobs that were simulated in both routings.
std::vector<ScaleComparison> compare(const std::vector<ScaleResult>& results);

/// Jobs of 64 agents and more, up to the most ranks there may be, by the formulas that
/// simulations confirm; direct and grid. \param like has the ranks of an agent and the knobs
std::vector<SizedJob> sizes_on_paper(const ScaleCase& like);

Json scale_report(const ScaleReport& report, const Machine& machine,
                  const std::vector<std::string>& command);
std::string format_scale(const ScaleReport& report);
/// One sentence or two.
std::string scale_answer(const ScaleReport& report);

}  // namespace buddy::tools
