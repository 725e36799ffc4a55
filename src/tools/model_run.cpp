#include "tools/model_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "tools/host_run_json.hpp"
#include "tools/profile_report.hpp"

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

}  // namespace

int steps_per_case(int repeat) { return 2 * repeat + 1; }

Result<ModelPoint> measure_case(const ModelCase& of, const std::string& program, JobOptions job,
                                int repeat, Progress& progress) {
  std::vector<std::string> command = {program};
  command.insert(command.end(), of.options.begin(), of.options.end());
  job.fabric = of.fabric;
  std::vector<std::pair<double, predict::HostRun>> host_runs;
  std::vector<double> host_seconds;
  std::vector<double> engine_seconds;
  const Machine machine = describe_machine();
  for (int pair = -1; pair < repeat; ++pair) {
    for (const Placement placement : {Placement::host, Placement::engine}) {
      if (pair < 0 && placement == Placement::engine) continue;  // one warm-up serves both
      job.placement = placement;
      progress.start_step(fmt::format("{} {}", of.application, to_string(placement)));
      const auto ran = run_once(command, job, progress);
      progress.finish_step();
      if (!ran.ok()) return ran.status();
      if (pair < 0) continue;
      if (placement == Placement::engine) {
        engine_seconds.push_back(ran.value().seconds());
        continue;
      }
      auto run = host_run_of(profile_report(ran.value(), {}, machine, {}));
      if (!run.ok()) return run.status();
      host_seconds.push_back(ran.value().seconds());
      host_runs.emplace_back(ran.value().seconds(), std::move(run.value()));
    }
  }
  const auto middle = host_runs.begin() + static_cast<std::ptrdiff_t>(host_runs.size() / 2);
  std::nth_element(host_runs.begin(), middle, host_runs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return ModelPoint{.of = of,
                    .run = middle->second,
                    .speedup = spread_of(ratios(host_seconds, engine_seconds)),
                    .engine_seconds = spread_of(engine_seconds).median};
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
