// One run as an entry of the report.
#pragma once

#include <optional>
#include <string>

#include "base/dpu_emulation.hpp"
#include "base/status.hpp"
#include "launch/job.hpp"
#include "tools/bench/bench_plan.hpp"
#include "tools/report/job_cpu_use.hpp"
#include "tools/report/json_fwd.hpp"
#include "wire/knobs.hpp"

namespace buddy::tools {

/// Memory traffic of a run, as far as it was measured; on a run of its own, perhaps a smaller one.
struct RecordDram {
  std::optional<double> host_bytes;
  std::optional<double> engine_bytes;
  std::optional<double> ratio;  ///< host bytes per payload byte sent to other nodes
  std::string method;
  JsonValue details{};  ///< the run that was measured
};

/// What others did meanwhile, as far as the kernel told.
struct RecordLoad {
  launch::JobLoad job{};                             ///< in the whole life of the job
  std::optional<double> engine_run_delay_seconds{};  ///< of all their threads
};
/// \param outcome of the run
RecordLoad load_of(const launch::JobOutcome& outcome);

/// A run that counts: what the workload measured, and what follows from it.
struct Record {
  Step step;
  int host_cpus = 1;     ///< CPUs that the ranks could keep busy
  int engine_cpus = 0;   ///< CPUs that the engines could; 0 without engine processes
  JsonValue measured{};  ///< what the workload wrote
  wire::Knobs knobs{};   ///< that were in force
  std::optional<RecordDram> dram{};
  RecordLoad load{};
  std::optional<DpuEmulation> dpu{};  ///< that was emulated

  double seconds() const;
  /// Times that the workload did its measured work, if it told.
  std::optional<double> rounds() const;
  /// Million messages per second and rank.
  double rate_per_rank() const;
  /// CPU time of the ranks per message, ns.
  std::optional<double> host_ns_per_message() const;
  /// The kernel's part of it.
  std::optional<double> host_system_ns_per_message() const;
  /// Million records that engine processes routed per second of their CPU time. A record that
  /// passes two engines counts twice. Engines look for work for a while before they sleep; that
  /// time is in it.
  std::optional<double> engine_records_rate() const;
  /// The same per second of CPU time without idle polling: what the engines could
  /// route.
  std::optional<double> engine_work_rate() const;
  std::optional<double> host_cpu_utilization() const;
  std::optional<double> engine_cpu_utilization() const;
  /// What ranks and engines had of their CPUs in the timed region; nothing without the ranks' CPU
  /// time.
  std::optional<JobCpuUse> cpu_use() const;

  /// The entry of `results`: the format's keys in their order; what was not measured is null.
  Json to_json() const;
};

/// Reads what a workload wrote about a run.
/// Errors: corrupt when it is not a complete description of such a run, or the workload did not
/// verify its own answer.
Result<Record> read_record(const std::string& text, const Step& step, const launch::JobPlan& plan);

}  // namespace buddy::tools
