#include "tools/predict/model_run.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/bench/small_problem.hpp"
#include "tools/inspect/job_distance.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/profile/dram_measurement.hpp"
#include "tools/profile/profile_report.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

Result<ProfiledJob> run_once(const std::vector<std::string>& command, const launch::JobOptions& job,
                             Progress& progress, int& exit_code) {
  const auto plan = launch::plan_job(job, allowed_cpus());
  exit_code = 1;
  if (!plan.ok()) return plan.status();
  if (const int number = launch::take_stop_signal(); number != 0) {
    exit_code = 128 + number;
    return Status(ErrorCode::system, fmt::format("stopped by signal {}", number));
  }
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open("/dev/null", O_WRONLY | O_CLOEXEC));
  return run_profiled(
      plan.value(), launch::built_in_launcher(), command, {},
      {.stdin_fd = in.get(), .stdout_fd = out.get(), .tick = [&] { progress.tick(); }}, exit_code);
}

/// Of a pair: what disturbs for longer makes it passed over.
constexpr int most_attempts = 3;

/// Runs a case again and again.
class CaseRunner {
 public:
  CaseRunner(const ModelCase& of, const std::string& program, launch::JobOptions job,
             Progress& progress, int& exit_code)
      : name_(of.application),
        command_{program},
        job_(std::move(job)),
        progress_(progress),
        exit_code_(exit_code) {
    command_.insert(command_.end(), of.options.begin(), of.options.end());
    job_.fabric = of.fabric;
  }

  Result<ProfiledJob> run(launch::Place placement) {
    job_.placement = placement;
    progress_.start_step(fmt::format("{} {}", name_, to_string(placement)));
    auto ran = run_once(command_, job_, progress_, exit_code_);
    progress_.finish_step();
    return ran;
  }

  /// Runs a pair again when it was disturbed, a few times. \return nothing if all were
  /// \param host_run is set to what the run in host placement says
  Result<std::optional<ModelPair>> run_undisturbed_pair(predict::HostRun& host_run) {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      measure::Doubts doubts;
      auto pair = run_pair(host_run, doubts);
      if (!pair.ok()) return pair.status();
      if (doubts.empty()) return std::optional(pair.value());
      why_not_ = doubts.front().text;
    }
    return std::optional<ModelPair>();
  }

  /// Why the last pair was passed over.
  const std::string& why_not() const { return why_not_; }

 private:
  Result<ModelPair> run_pair(predict::HostRun& host_run, measure::Doubts& doubts) {
    const auto plan = launch::plan_job(job_, allowed_cpus());
    if (!plan.ok()) return plan.status();
    const auto distance = measure_job_distance_ns(plan.value());
    const auto host = run(launch::Place::host);
    if (!host.ok()) return host.status();
    const auto engine = run(launch::Place::engine);
    if (!engine.ok()) return engine.status();
    auto read = host_run_of(profile_report(host.value(), {}, machine_, {}));
    if (!read.ok()) return read.status();
    host_run = std::move(read.value());
    for (const ProfiledJob& job : {host.value(), engine.value()}) {
      const measure::Doubts more = job.doubts();
      doubts.insert(doubts.end(), more.begin(), more.end());
    }
    return ModelPair{host.value().seconds(), engine.value().seconds(), distance};
  }

  std::string name_;
  std::vector<std::string> command_;
  launch::JobOptions job_;
  Progress& progress_;
  int& exit_code_;
  Machine machine_ = describe_machine();
  std::string why_not_;
};

}  // namespace

measure::Spread speedup_of(std::span<const ModelPair> pairs) {
  std::vector<double> each;
  for (const ModelPair& pair : pairs) each.push_back(pair.speedup());
  return measure::spread_of(each);
}

bool ModelPoint::decided() const {
  const auto pays = std::count_if(pairs.begin(), pairs.end(), [](const ModelPair& pair) {
    return pair.speedup() > predict::worthwhile_speedup;
  });
  const auto all = static_cast<std::ptrdiff_t>(pairs.size());
  return 5 * std::max(pays, all - pays) >= 4 * all;
}

void add_points(std::vector<ModelPoint>& points, const std::vector<ModelPoint>& more) {
  for (const ModelPoint& point : more) {
    const auto same = std::find_if(points.begin(), points.end(), [&](const ModelPoint& one) {
      return one.of == point.of && one.run.ranks.size() == point.run.ranks.size();
    });
    if (same == points.end()) {
      points.push_back(point);
      continue;
    }
    std::vector<predict::HostRun> runs(same->pairs.size(), same->run);
    runs.insert(runs.end(), point.pairs.size(), point.run);
    same->run = predict::mean_of(runs);
    auto& ratio = same->run.memory_to_communication_ratio;
    if (!ratio) ratio = point.run.memory_to_communication_ratio;
    same->pairs.insert(same->pairs.end(), point.pairs.begin(), point.pairs.end());
  }
}

std::optional<double> measure_ratio(const ModelCase& of, const std::string& program,
                                    SweepOptions options, Progress& progress, int& exit_code) {
  options.job.host_cpus.clear();
  options.job.engine_cpus.clear();
  const SmallProblem small = smaller_problem(of.application, of.options);
  DramRequest request{.method = options.dram.method,
                      .job = options.job,
                      .program = {program},
                      .cache = options.dram.cache};
  request.program.insert(request.program.end(), of.options.begin(), of.options.end());
  request.small_program = {program};
  request.small_program.insert(request.small_program.end(), small.arguments.begin(),
                               small.arguments.end());
  request.cache_divisor = small.cache_divisor;
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open("/dev/null", O_WRONLY | O_CLOEXEC));
  progress.start_step(fmt::format("{} memory traffic", of.application));
  const DramMeasurement measured = measure_dram(
      request, launch::built_in_launcher(),
      {.stdin_fd = in.get(), .stdout_fd = out.get(), .stderr_fd = out.get(), .tick = [&] {
         progress.tick();
       }});
  exit_code = measured.exit_code;
  return measured.traffic.ratio;
}

int steps_per_case(int repeat) { return 2 * repeat + 1; }

Result<ModelPoint> measure_case(const ModelCase& of, const std::string& program,
                                SweepOptions options, Progress& progress, int& exit_code) {
  CaseRunner runner(of, program, options.job, progress, exit_code);
  const auto warm_up = runner.run(launch::Place::host);  // one serves both
  if (!warm_up.ok()) return warm_up.status();
  ModelPoint point{.of = of, .run = {}, .pairs = {}, .passed_over = {}};
  std::vector<predict::HostRun> runs;
  for (int i = 0; i < options.repeat; ++i) {
    predict::HostRun run;
    auto pair = runner.run_undisturbed_pair(run);
    if (!pair.ok()) return pair.status();
    if (!pair.value()) {
      point.passed_over = runner.why_not();
      continue;
    }
    runs.push_back(std::move(run));
    point.pairs.push_back(*pair.value());
  }
  if (runs.empty()) return point;
  point.run = predict::mean_of(runs);
  point.run.memory_to_communication_ratio = options.ratio;
  if (!options.ratio && options.dram.measures()) {
    point.run.memory_to_communication_ratio =
        measure_ratio(of, program, options, progress, exit_code);
  }
  return point;
}

predict::Sweep sweep_of(const std::vector<ModelPoint>& points) {
  predict::Sweep sweep;
  for (const ModelPoint& point : points) {
    sweep.push_back({.application = point.of.application,
                     .run = point.run,
                     .speedup = point.speedup().median,
                     .decided = point.decided()});
  }
  return sweep;
}

}  // namespace buddy::tools
