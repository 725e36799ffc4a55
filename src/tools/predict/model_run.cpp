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

/// One run in each place.
struct Turn {
  predict::HostRun host_run;
  ModelPair pair;
  std::vector<ModelPair> on_dpus;  ///< as SweepOptions::dpus
};

/// Of a turn: what disturbs for longer makes it passed over.
constexpr int most_attempts = 3;

/// Runs a case again and again.
class CaseRunner {
 public:
  CaseRunner(const ModelCase& of, const std::string& program, const SweepOptions& options,
             Progress& progress, int& exit_code)
      : name_(of.application),
        command_{program},
        job_(options.job),
        dpus_(options.dpus),
        progress_(progress),
        exit_code_(exit_code) {
    command_.insert(command_.end(), of.options.begin(), of.options.end());
    job_.fabric = of.fabric;
  }

  /// \param dpu options of an emulated one, if that is the place
  Result<ProfiledJob> run(launch::Place place, const std::string& dpu = {}) {
    job_.placement = place;
    job_.dpu = dpu;
    progress_.start_step(fmt::format("{} {} {}", name_, to_string(place), dpu));
    auto ran = run_once(command_, job_, progress_, exit_code_);
    progress_.finish_step();
    return ran;
  }

  /// Runs a turn again when it was disturbed, a few times. \return nothing if all were
  Result<std::optional<Turn>> run_undisturbed_turn() {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      measure::Doubts doubts;
      auto turn = run_turn(doubts);
      if (!turn.ok()) return turn.status();
      if (doubts.empty()) return std::optional(std::move(turn.value()));
      why_not_ = doubts.front().text;
    }
    return std::optional<Turn>();
  }

  /// Why the last turn was passed over.
  const std::string& why_not() const { return why_not_; }

 private:
  /// One more run of a turn. \return \p pair with what it says about engines
  Result<ModelPair> run_in_turn(launch::Place place, const std::string& dpu, ModelPair pair,
                                measure::Doubts& doubts) {
    const auto job = run(place, dpu);
    if (!job.ok()) return job.status();
    const measure::Doubts more = job.value().doubts();
    doubts.insert(doubts.end(), more.begin(), more.end());
    pair.engine_seconds = job.value().seconds();
    pair.engine_cpu_seconds = job.value().sum_over_agents("counter.cpu_ns") * 1e-9;
    return pair;
  }

  Result<Turn> run_turn(measure::Doubts& doubts) {
    const auto plan = launch::plan_job(job_, allowed_cpus());
    if (!plan.ok()) return plan.status();
    const auto distance = measure_job_distance_ns(plan.value());
    const auto host = run(launch::Place::host);
    if (!host.ok()) return host.status();
    doubts = host.value().doubts();
    auto read = host_run_of(profile_report(host.value(), {}, machine_, {}));
    if (!read.ok()) return read.status();
    const ModelPair before{.host_seconds = host.value().seconds(), .core_distance_ns = distance};
    const auto engine = run_in_turn(launch::Place::engine, {}, before, doubts);
    if (!engine.ok()) return engine.status();
    Turn turn{std::move(read.value()), engine.value(), {}};
    for (const predict::EmulatedDpu& dpu : dpus_) {
      const auto slowed = run_in_turn(launch::Place::dpu, to_string(dpu), before, doubts);
      if (!slowed.ok()) return slowed.status();
      turn.on_dpus.push_back(slowed.value());
    }
    return turn;
  }

  std::string name_;
  std::vector<std::string> command_;
  launch::JobOptions job_;
  std::vector<predict::EmulatedDpu> dpus_;
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

bool decided(std::span<const ModelPair> pairs) {
  std::vector<double> each;
  for (const ModelPair& pair : pairs) each.push_back(pair.speedup());
  const double median = measure::spread_of(each).median;
  return measure::outcome_of({.of = {},
                              .over = {},
                              .pairs = static_cast<int>(pairs.size()),
                              .speedup = measure::ratio_interval(each, measure::interval_level),
                              .speedup_of_medians = median}) != measure::Outcome::undecided;
}

namespace {

/// Adds pairs to those of the same emulated DPU, or begins with it.
void add_emulated(std::vector<EmulatedRuns>& to, const std::vector<EmulatedRuns>& more) {
  for (const EmulatedRuns& runs : more) {
    const auto same = std::find_if(to.begin(), to.end(),
                                   [&](const EmulatedRuns& one) { return one.dpu == runs.dpu; });
    if (same == to.end()) {
      to.push_back(runs);
    } else {
      same->pairs.insert(same->pairs.end(), runs.pairs.begin(), runs.pairs.end());
    }
  }
}

}  // namespace

void add_points(std::vector<ModelPoint>& points, const std::vector<ModelPoint>& more) {
  for (const ModelPoint& point : more) {
    const auto same = std::find_if(points.begin(), points.end(), [&](const ModelPoint& one) {
      return one.of == point.of && one.machine == point.machine &&
             one.run.ranks.size() == point.run.ranks.size();
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
    if (same->passed_over.empty()) same->passed_over = point.passed_over;
    same->pairs.insert(same->pairs.end(), point.pairs.begin(), point.pairs.end());
    add_emulated(same->emulated, point.emulated);
  }
}

void add_missing(std::vector<MissingProgram>& missing, const std::vector<MissingProgram>& more,
                 const std::vector<ModelPoint>& points) {
  const auto is_of = [](const auto& of) { return [&of](const auto& one) { return one.of == of; }; };
  for (const MissingProgram& program : more) {
    if (std::none_of(missing.begin(), missing.end(), is_of(program.of))) missing.push_back(program);
  }
  std::erase_if(missing, [&](const MissingProgram& program) {
    return std::any_of(points.begin(), points.end(), is_of(program.of));
  });
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

int steps_per_case(const SweepOptions& options) {
  return (2 + static_cast<int>(options.dpus.size())) * options.repeat + 1;
}

Result<ModelPoint> measure_case(const ModelCase& of, const std::string& program,
                                SweepOptions options, Progress& progress, int& exit_code) {
  CaseRunner runner(of, program, options, progress, exit_code);
  const auto warm_up = runner.run(launch::Place::host);  // one serves all
  if (!warm_up.ok()) return warm_up.status();
  ModelPoint point{.of = of, .run = {}, .pairs = {}};
  for (const predict::EmulatedDpu& dpu : options.dpus) point.emulated.push_back({dpu, {}});
  std::vector<predict::HostRun> runs;
  for (int i = 0; i < options.repeat; ++i) {
    auto turn = runner.run_undisturbed_turn();
    if (!turn.ok()) return turn.status();
    if (!turn.value()) {
      point.passed_over = runner.why_not();
      continue;
    }
    runs.push_back(std::move(turn.value()->host_run));
    point.pairs.push_back(turn.value()->pair);
    for (std::size_t k = 0; k < point.emulated.size(); ++k) {
      point.emulated[k].pairs.push_back(turn.value()->on_dpus[k]);
    }
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

namespace {

/// The median, of the pairs that know it.
std::optional<double> engine_cpu_of(const std::vector<ModelPair>& pairs) {
  std::vector<double> each;
  for (const ModelPair& pair : pairs) {
    if (pair.engine_cpu_seconds) each.push_back(*pair.engine_cpu_seconds);
  }
  if (each.empty()) return std::nullopt;
  return measure::spread_of(each).median;
}

}  // namespace

predict::Sweep sweep_of(const std::vector<ModelPoint>& points) {
  predict::Sweep sweep;
  for (const ModelPoint& point : points) {
    predict::SweepPoint& made = sweep.emplace_back();
    made.application = point.of.application;
    made.run = point.run;
    made.speedup = point.speedup().median;
    made.decided = point.decided();
    made.outside = point.of.outside;
    made.engine_cpu_seconds = engine_cpu_of(point.pairs);
    for (const EmulatedRuns& runs : point.emulated) {
      made.emulated.push_back({runs.dpu, speedup_of(runs.pairs).median, decided(runs.pairs)});
    }
  }
  return sweep;
}

}  // namespace buddy::tools
