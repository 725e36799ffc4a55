#include "tools/model_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "measure/dram_methods.hpp"
#include "tools/dram_measurement.hpp"
#include "tools/host_run_json.hpp"
#include "tools/profile_report.hpp"
#include "tools/small_problem.hpp"

namespace buddy::tools {
namespace {

Result<ProfiledJob> run_once(const std::vector<std::string>& command, const JobOptions& job,
                             Progress& progress) {
  const auto plan = plan_job(job, allowed_cpus());
  if (!plan.ok()) return plan.status();
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open("/dev/null", O_WRONLY | O_CLOEXEC));
  int exit_code = 0;
  return run_profiled(
      plan.value(), built_in_launcher(), command, {},
      {.stdin_fd = in.get(), .stdout_fd = out.get(), .tick = [&] { progress.tick(); }}, exit_code);
}

/// Runs that count, in the order of their pairs.
struct Measured {
  std::vector<std::pair<double, predict::HostRun>> host_runs;
  std::vector<double> host_seconds;
  std::vector<double> engine_seconds;
};

Status measure_pairs(const std::vector<std::string>& command, const std::string& name,
                     SweepOptions options, Progress& progress, Measured& measured) {
  const Machine machine = describe_machine();
  for (int pair = -1; pair < options.repeat; ++pair) {
    for (const Placement placement : {Placement::host, Placement::engine}) {
      if (pair < 0 && placement == Placement::engine) continue;  // one warm-up serves both
      options.job.placement = placement;
      progress.start_step(fmt::format("{} {}", name, to_string(placement)));
      const auto ran = run_once(command, options.job, progress);
      progress.finish_step();
      if (!ran.ok()) return ran.status();
      if (pair < 0) continue;
      if (placement == Placement::engine) {
        measured.engine_seconds.push_back(ran.value().seconds());
        continue;
      }
      auto run = host_run_of(profile_report(ran.value(), {}, machine, {}));
      if (!run.ok()) return run.status();
      measured.host_seconds.push_back(ran.value().seconds());
      measured.host_runs.emplace_back(ran.value().seconds(), std::move(run.value()));
    }
  }
  return {};
}

}  // namespace

std::optional<double> measure_ratio(const ModelCase& of, const std::string& program,
                                    SweepOptions options, Progress& progress) {
  options.job.host_cpus.clear();
  options.job.engine_cpus.clear();
  const SmallProblem small = smaller_problem(of.application, of.options);
  DramRequest request{.method = options.dram, .job = options.job, .program = {program}};
  request.program.insert(request.program.end(), of.options.begin(), of.options.end());
  request.small_program = {program};
  request.small_program.insert(request.small_program.end(), small.arguments.begin(),
                               small.arguments.end());
  request.cache_divisor = small.cache_divisor;
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open("/dev/null", O_WRONLY | O_CLOEXEC));
  progress.start_step(fmt::format("{} memory traffic", of.application));
  const DramMeasurement measured = measure_dram(
      request, built_in_launcher(),
      {.stdin_fd = in.get(), .stdout_fd = out.get(), .stderr_fd = out.get(), .tick = [&] {
         progress.tick();
       }});
  return measured.traffic.ratio;
}

int steps_per_case(int repeat) { return 2 * repeat + 1; }

Result<ModelPoint> measure_case(const ModelCase& of, const std::string& program,
                                SweepOptions options, Progress& progress) {
  std::vector<std::string> command = {program};
  command.insert(command.end(), of.options.begin(), of.options.end());
  options.job.fabric = of.fabric;
  Measured measured;
  const Status status = measure_pairs(command, of.application, options, progress, measured);
  if (!status.ok()) return status;
  auto& runs = measured.host_runs;
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  ModelPoint point{.of = of,
                   .run = middle->second,
                   .speedup = spread_of(ratios(measured.host_seconds, measured.engine_seconds)),
                   .engine_seconds = spread_of(measured.engine_seconds).median};
  point.run.memory_to_communication_ratio = options.ratio;
  if (!options.ratio && options.dram != measure::dram_none) {
    point.run.memory_to_communication_ratio = measure_ratio(of, program, options, progress);
  }
  return point;
}

predict::Sweep sweep_of(const std::vector<ModelPoint>& points) {
  predict::Sweep sweep;
  for (const ModelPoint& point : points) {
    sweep.push_back({.application = point.of.application,
                     .run = point.run,
                     .engine_seconds = point.engine_seconds,
                     .speedup = point.speedup.median});
  }
  return sweep;
}

}  // namespace buddy::tools
