// buddy bench tune: finds the best knobs for a workload, a placement and a fabric.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/affinity.hpp"
#include "launch/process/signal_gate.hpp"
#include "measure/verdict.hpp"
#include "tools/bench/option_words.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"
#include "tools/command/slips.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"
#include "tools/tune/tune_report.hpp"
#include "tools/tune/tune_runner.hpp"

namespace buddy::tools {
namespace {

constexpr const char* name = "bench tune";

struct TuneOptions {
  std::string workload;
  std::string input;
  int time_limit_s = 240;
  ReportFiles files;
  launch::JobOptions job;
  Option workers;                  ///< to see whether they were given
  std::vector<std::string> names;  ///< of all options
};

std::string own_folder() {
  return std::filesystem::path(launch::self_path()).parent_path().native();
}

Result<BenchCase> make_case(const TuneOptions& options, const ExtraWords& words) {
  const auto path = find_workload(own_folder(), options.workload);
  if (!path.ok()) return path.status();
  std::vector<std::string> program = {path.value()};
  if (!options.input.empty()) program.insert(program.end(), {"--input", options.input});
  program.insert(program.end(), words.unknown.begin(), words.unknown.end());
  program.insert(program.end(), words.after_dashes.begin(), words.after_dashes.end());
  const auto contender = parse_contenders(launch::to_string(options.job.placement));
  if (!contender.ok()) return contender.status();
  const bool rounds_given = find_option(program, "--rounds").has_value();
  return BenchCase{.workload = options.workload,
                   .program = std::move(program),
                   .contenders = contender.value(),
                   .repetition = {},
                   .job = options.job,
                   .least_seconds = rounds_given ? 0 : measure::long_run_seconds};
}

Status check_knobs(const TuneKnobs& knobs) {
  if (knobs.turns_any()) return {};
  std::vector<std::string> reasons;
  for (const TuneKnob& knob : knobs.knobs) {
    reasons.push_back(fmt::format("{}: {}", knob.option, knob.why_not));
  }
  return {ErrorCode::invalid_argument,
          fmt::format("there is nothing to tune ({}) leave an option out, or choose another "
                      "placement",
                      fmt::join(reasons, "; "))};
}

/// \return why it ended early, if it did
std::optional<BenchFailure> find_best(const BenchCase& bench, int time_limit_s,
                                      TuneReport& report) {
  const launch::SignalGate gate;  // or Ctrl-C between two runs would take everything along
  TuneRunner runner(bench, report.knobs.usual, time_limit_s);
  if (runner.warm_up()) {
    report.result = search(report.knobs.usual, report.knobs.bounds,
                           [&](const TuneSetting& best, const TuneSetting& other) {
                             return runner.measure(best, other);
                           },
                           {.has_time_for = [&](int pairs) { return runner.has_time_for(pairs); },
                            .expect = [&](int pairs) { runner.expect(pairs); }});
  }
  runner.progress().hide();
  if (runner.failure()) return runner.failure();
  if (const int number = launch::take_stop_signal()) return stopped_by(number);
  return std::nullopt;
}

int complain_about(const BenchFailure& failure, const std::string& consequence) {
  std::fputs(failure.output.c_str(), stderr);
  return complain(name, failure.message + consequence, failure.exit_code);
}

/// Whether a setting was measured at all.
bool has_pairs(const TuneResult& result) {
  return std::any_of(result.trials.begin(), result.trials.end(),
                     [](const TuneTrial& trial) { return !trial.pairs.empty(); });
}

int tune(const TuneOptions& options, const ExtraWords& words, const BenchCase& bench,
         TuneReport report) {
  const Machine machine = describe_machine();
  const auto stopped = find_best(bench, options.time_limit_s, report);
  if (!has_pairs(report.result)) {
    if (stopped) {
      return complain_about(*stopped,
                            stopped->interrupted ? " (nothing was measured) start it again" : "");
    }
    return complain(name, fmt::format("no setting was tried (--time-limit {} is over too soon) "
                                      "allow more seconds, or choose a smaller problem",
                                      options.time_limit_s));
  }
  std::FILE* out = options.files.text();
  fmt::print(out, "{}machine: {}, {}, {}\n{}", format_tune(report), machine.host_name,
             machine.cpu_model, machine.topology,
             stopped ? "PARTIAL: stopped before the end of the search\n" : "");
  const Status written = options.files.write(tune_report(report, machine, words.command));
  if (!written.ok()) complain(name, written.message());
  if (stopped) {
    return complain_about(*stopped, " (what is reported is partial) start it again for the rest");
  }
  return written.ok() ? 0 : 1;
}

int run(const TuneOptions& options, const ExtraWords& words) {
  const auto plan = launch::plan_job(options.job, allowed_cpus());
  if (!plan.ok()) return complain(name, plan.status().message(), usage_error);
  const auto bench = make_case(options, words);
  if (!bench.ok()) return complain(name, bench.status().message(), usage_error);
  const TuneKnobs knobs = tune_knobs(options.job, options.workers.given(), plan.value());
  const Status tunable = check_knobs(knobs);
  if (!tunable.ok()) return complain(name, tunable.message(), usage_error);
  const Status taken = check_workload_options({bench.value()}, {name, options.names});
  if (!taken.ok()) return complain(name, taken.message(), usage_error);
  std::vector<std::string> inputs = words.unknown;
  inputs.push_back(options.input);
  const Status writable = options.files.check(inputs);
  if (!writable.ok()) return complain(name, writable.message());
  say_direct(name, {plan.value()});
  return tune(options, words, bench.value(),
              {.workload = options.workload,
               .program = bench.value().program,
               .plan = plan.value(),
               .knobs = knobs,
               .result = {}});
}

}  // namespace

Command add_bench_tune_command(Parser bench) {
  auto options = std::make_shared<TuneOptions>();
  options->job.placement = launch::Place::engine;
  options->job.only_placement = true;
  Parser app = add_command(
      bench, {.name = "tune",
              .usage = "buddy bench tune WORKLOAD [OPTIONS] [WORKLOAD OPTIONS]",
              .description = "find the best --block, --ring, --workers and --hold for a workload"});
  app.add_option("workload", options->workload,
                 fmt::format("workload to run; those that exist: {}",
                             fmt::join(list_workloads(own_folder()), ", ")))
      .type_name("WORKLOAD")
      .required();
  add_job_options(app, options->job);
  options->workers = app.get_option("--workers");
  app.get_option("--workers").description("keep each engine process at so many threads");
  app.get_option("--block").description("keep blocks at so many bytes");
  app.get_option("--ring").description("keep rings at so many blocks");
  app.get_option("--hold").description("keep the time for which blocks are held, microseconds");
  add_placement_option(app, options->job)
      .description("placement to tune: host, shared, engine (default) or dpu");
  app.add_option("--input", options->input, "file that the workload reads").type_name("FILE");
  app.add_option("--time-limit", options->time_limit_s,
                 "seconds after which no more settings are tried (default: 240)")
      .range(1, 1'000'000)
      .type_name("SECONDS");
  add_report_options(app, options->files, "the report");
  app.footer(
      "Knobs that are given stay as they are; those that do nothing in the placement, too.\n"
      "Other options go to the workload: see buddy-WORKLOAD --help.\n"
      "Example: an engine on CPU 1 for two ranks on CPU 0\n"
      "  buddy bench tune histogram -n 2 --host-cpus 0 --engine-cpus 1 --html tune.html");
  options->names = option_names(app);
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
