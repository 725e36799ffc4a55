#include "tools/profile/simulated_run.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "arena/job_dir.hpp"
#include "launch/process/signal_gate.hpp"

namespace buddy::tools {
namespace {

using measure::CacheMisses;
using measure::Counted;

/// How many times as long as usual engines may take to start and to end.
constexpr int patience = 12;

std::string output_of(const std::string& prefix, double pid) {
  return fmt::format("{}{:.0f}", prefix, pid);
}

/// Adds what each rank's process has written. A program may start others, which are not ranks.
Status add_ranks(const ProfiledJob& job, const std::string& prefix, CacheMisses& sum) {
  for (const RankProfile& rank : job.ranks) {
    const auto misses = measure::read_cache_misses(output_of(prefix, rank["pid"]));
    if (!misses.ok()) return misses.status();
    sum += misses.value();
  }
  return {};
}

Status add_engines(const ProfiledJob& job, const std::string& prefix, CacheMisses& sum) {
  for (const launch::EngineUsage& engine : job.engines) {
    const auto misses = measure::read_cache_misses(output_of(prefix, engine.pid));
    if (!misses.ok()) return misses.status();
    sum += misses.value();
  }
  return {};
}

bool marks_region(const ProfiledJob& job) {
  return std::all_of(job.ranks.begin(), job.ranks.end(),
                     [](const RankProfile& rank) { return rank["region_marked"] != 0; });
}

/// What a run needs besides its program.
struct Setting {
  std::string valgrind;
  const measure::CacheGeometry& cache;
  const launch::JobPlan& plan;
  const launch::Launcher& launcher;
  const launch::JobStreams& streams;
};

Result<SimulatedRun> run_once(Counted counted, const Setting& setting,
                              const std::vector<std::string>& program, int& exit_code) {
  const launch::SignalGate gate;  // a signal must not leave the folder behind
  const auto folder = arena::JobDir::create();
  if (!folder.ok()) return folder.status();
  const std::string rank_prefix = folder.value().path() + "/rank.";
  const std::string engine_prefix = folder.value().path() + "/engine.";
  const auto words = [&](const std::string& prefix) {
    return measure::valgrind_words(setting.valgrind, counted, setting.cache, prefix);
  };
  launch::JobPlan plan = setting.plan;
  plan.engine_prefix = words(engine_prefix);
  plan.patience = patience;
  std::vector<std::string> command = words(rank_prefix);
  command.insert(command.end(), program.begin(), program.end());
  // UCX patches functions of the C library while they run, which valgrind does not see.
  auto job = run_profiled(plan, setting.launcher, command, {{"UCX_MEM_MMAP_HOOK_MODE", "none"}},
                          setting.streams, exit_code);
  if (!job.ok()) return job.status();
  SimulatedRun run{.job = std::move(job.value()), .counted = counted};
  run.job.program = program;
  Status status = add_ranks(run.job, rank_prefix, run.ranks);
  if (status.ok() && plan.engines() > 0) {
    status = add_engines(run.job, engine_prefix, run.engines.emplace());
  }
  if (!status.ok()) return status;
  return run;
}

}  // namespace

Result<SimulatedRun> run_simulated(const measure::CacheGeometry& cache, const launch::JobPlan& plan,
                                   const launch::Launcher& launcher,
                                   const std::vector<std::string>& program,
                                   const launch::JobStreams& streams, int& exit_code) {
  const auto valgrind = measure::find_valgrind();
  if (!valgrind.ok()) return valgrind.status();
  const Setting setting{valgrind.value(), cache, plan, launcher, streams};
  auto run = run_once(Counted::region, setting, program, exit_code);
  if (!run.ok()) return run;
  // Without callgrind's interface at build time a marked region counts nothing either.
  if (marks_region(run.value().job) && run.value().ranks.instructions > 0) return run;
  return run_once(Counted::process, setting, program, exit_code);
}

}  // namespace buddy::tools
