// buddy bench: runs workloads in several ways, in turns, and compares them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/affinity.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/signal_gate.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/bench/bench_dram.hpp"
#include "tools/bench/bench_report.hpp"
#include "tools/bench/bench_runner.hpp"
#include "tools/bench/bench_stopping.hpp"
#include "tools/bench/bench_table.hpp"
#include "tools/bench/bench_verdict.hpp"
#include "tools/bench/option_words.hpp"
#include "tools/bench/paper_plan.hpp"
#include "tools/bench/paper_suite.hpp"
#include "tools/bench/paper_table.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"
#include "tools/command/sizes.hpp"
#include "tools/command/slips.hpp"
#include "tools/inspect/job_distance.hpp"
#include "tools/report/dpu_json.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

struct BenchOptions {
  std::vector<std::string> workloads;
  std::string compare;  ///< empty: what it is by default
  std::string input;
  Repetition repetition;
  DramWords dram;
  ReportFiles files;
  launch::JobOptions job;
  PaperWords paper_words;
  PaperPlan paper;                 ///< if it is asked for
  Option placement;                ///< to see whether it was given
  Option time_limit;               ///< likewise
  std::vector<std::string> names;  ///< of all options
};

std::string own_folder() {
  return std::filesystem::path(launch::self_path()).parent_path().native();
}

bool is_suite(const BenchOptions& options) {
  const auto& names = options.workloads;
  return std::find(names.begin(), names.end(), paper_suite_name) != names.end();
}

/// The suite's table needs memory traffic; other benchmarks do without the time that it takes.
Result<DramChoice> dram_choice(const BenchOptions& options) {
  const bool wanted = is_suite(options) && options.job.hosts.empty();
  return dram_choice(options.dram, wanted ? measure::dram_auto : measure::dram_none);
}

/// The suite chooses all workloads and their options itself.
Status check_suite(const BenchOptions& options, const ExtraWords& words) {
  if (options.workloads.size() == 1 && options.input.empty() && words.unknown.empty() &&
      words.after_dashes.empty()) {
    return {};
  }
  return {ErrorCode::invalid_argument,
          fmt::format("'{}' stands alone (it is a list of workloads with options of their own) "
                      "leave out other workloads and their options",
                      paper_suite_name)};
}

Result<std::vector<SuiteEntry>> chosen_workloads(const BenchOptions& options,
                                                 const ExtraWords& words) {
  if (is_suite(options)) {
    Status alone = check_suite(options, words);
    if (!alone.ok()) return alone;
    auto entries = installed(options.paper.entries, own_folder());
    if (!entries.empty()) return entries;
    return Status(ErrorCode::invalid_argument,
                  fmt::format("no workload of '{}' is in {} (they are programs named buddy-*) "
                              "build or install the workloads",
                              paper_suite_name, own_folder()));
  }
  std::vector<SuiteEntry> entries;
  for (const std::string& name : options.workloads) {
    std::vector<std::string> arguments;
    if (!options.input.empty()) arguments = {"--input", options.input};
    arguments.insert(arguments.end(), words.unknown.begin(), words.unknown.end());
    arguments.insert(arguments.end(), words.after_dashes.begin(), words.after_dashes.end());
    entries.push_back({name, std::move(arguments), {}});
  }
  return entries;
}

/// An emulated DPU that nothing runs on is a mistake.
Status check_dpu(const launch::JobOptions& job, const std::vector<Contender>& contenders) {
  const bool used =
      std::find(contenders.begin(), contenders.end(), Contender::dpu) != contenders.end();
  if (job.dpu.empty() || used) return {};
  return {ErrorCode::invalid_argument,
          "--dpu is for placement dpu (it is not among those that run) add it, like: --compare "
          "host,engine,dpu"};
}

/// CPUs for engines that all share the ranks' are a mistake, as with --placement shared.
Status check_engine_cpus(const launch::JobOptions& job, const std::vector<Contender>& contenders) {
  const auto has_place = [&](launch::Place place) {
    return std::any_of(contenders.begin(), contenders.end(),
                       [place](Contender one) { return place_of(one) == place; });
  };
  if (job.engine_cpus.empty() || !has_place(launch::Place::shared) ||
      has_place(launch::Place::engine) || has_place(launch::Place::dpu)) {
    return {};
  }
  return {ErrorCode::invalid_argument,
          "engines of placement shared have no CPUs of their own (--engine-cpus gives them some, "
          "and no other engines are compared) leave out --engine-cpus, or add engine, like: "
          "--compare host,shared,engine"};
}

bool gives_rounds(const ExtraWords& words) {
  return find_option(words.unknown, "--rounds") || find_option(words.after_dashes, "--rounds");
}

std::string compared(const BenchOptions& options) {
  if (options.placement.given()) return to_string(options.job.placement);
  if (!options.compare.empty()) return options.compare;
  return is_suite(options) ? paper_contenders : "host,engine";
}

/// Chooses the problems of the suite, if that is what runs.
Status choose_problems(BenchOptions& options) {
  if (!is_suite(options)) return check_without_paper(options.paper_words);
  const auto job = launch::plan_job(options_of(Contender::host, options.job), allowed_cpus());
  if (!job.ok()) return job.status();
  auto plan = plan_paper(options.paper_words, job.value());
  if (plan.ok()) options.paper = std::move(plan.value());
  return plan.ok() ? Status() : plan.status();
}

Result<std::vector<BenchCase>> make_cases(const BenchOptions& options, const ExtraWords& words) {
  auto contenders = parse_contenders(compared(options));
  if (!contenders.ok()) return contenders.status();
  const Status emulated = check_dpu(options.job, contenders.value());
  if (!emulated.ok()) return emulated;
  const Status own_cpus = check_engine_cpus(options.job, contenders.value());
  if (!own_cpus.ok()) return own_cpus;
  const auto plans = plans_of(contenders.value(), options.job, allowed_cpus());
  if (!plans.ok()) return plans.status();
  const auto entries = chosen_workloads(options, words);
  if (!entries.ok()) return entries.status();
  std::vector<BenchCase> cases;
  for (const SuiteEntry& entry : entries.value()) {
    const auto path =
        find_workload(own_folder(), entry.workload,
                      {std::string(paper_suite_name), "tune", "model", "dca", "scale"});
    if (!path.ok()) return path.status();
    std::vector<std::string> program = {path.value()};
    program.insert(program.end(), entry.arguments.begin(), entry.arguments.end());
    cases.push_back({.workload = entry.workload,
                     .program = std::move(program),
                     .contenders = contenders.value(),
                     .repetition = options.repetition,
                     .job = options.job,
                     .least_seconds = gives_rounds(words) ? 0 : measure::long_run_seconds});
  }
  return cases;
}

/// The suite's table, and what is not in it.
std::string format_paper(const PaperPlan& plan, const std::vector<CaseReport>& reports) {
  std::string text = format_suite(plan.entries, reports);
  for (const SuiteEntry& entry : missing(plan.entries, own_folder())) {
    text += fmt::format("  {:<12} did not run: there is no program buddy-{} in {}\n",
                        entry.workload, entry.workload, own_folder());
  }
  return text;
}

std::string format_cpus(const std::vector<int>& cpus) {
  return cpus.empty() ? std::string("any CPU") : "CPUs " + launch::format_cpu_list(cpus);
}

std::string format_setting(const launch::JobPlan& plan) {
  const std::string engines = plan.services.empty()
                                  ? fmt::format("engines of {} worker(s) on {}", plan.workers,
                                                format_cpus(plan.engine_cpus))
                                  : "engines that run as services";
  const std::string ranks =
      fmt::format("{} rank(s) on {}", plan.ranks, format_cpus(plan.host_cpus));
  if (!plan.on_hosts()) {
    return fmt::format("{}, {} node(s), fabric {}, {}", ranks, plan.nodes, plan.fabric, engines);
  }
  return fmt::format("{} of {} machine(s) with {} node(s) each, {}", ranks, plan.hosts.size(),
                     plan.nodes, engines);
}

/// What contenders of an emulated DPU run on; empty without one.
std::string format_dpu(const BenchOptions& options, const std::vector<BenchCase>& cases) {
  const auto& contenders = cases.front().contenders;
  if (std::find(contenders.begin(), contenders.end(), Contender::dpu) == contenders.end())
    return "";
  const std::string_view words = options.job.dpu.empty() ? default_dpu : options.job.dpu;
  const auto dpu = parse_dpu(words);
  if (!dpu.ok()) return "";
  return "; " + dpu_words(json_of(dpu.value()));
}

std::string format_distance(const std::optional<double>& distance_ns) {
  return distance_ns ? fmt::format("{:.0f} ns", *distance_ns) : "not measured";
}

std::string format_machine(const Machine& machine, const CoreDistance& distance) {
  return fmt::format(
      "machine: {}, {}, {}\ncache line round trip between the CPUs: {} before, {} after\n",
      machine.host_name, machine.cpu_model, machine.topology, format_distance(distance.before_ns),
      format_distance(distance.after_ns));
}

int total_steps(const std::vector<BenchCase>& cases, bool with_dram) {
  int total = 0;
  for (const BenchCase& bench : cases) {
    const int pairs = bench.repetition.automatic ? next_look(0) : bench.repetition.pairs;
    total += (1 + pairs) * static_cast<int>(bench.contenders.size());
    if (with_dram) total += memory_traffic_runs(bench);
  }
  return total;
}

/// What has been measured, and why it is not everything.
struct Measured {
  std::vector<CaseReport> reports;
  std::optional<BenchFailure> stopped;
};

/// Runs the cases in order and prints each one's table. A failing run and Ctrl-C end it; the whole
/// turns before that count.
Measured measure(const std::vector<BenchCase>& cases, const DramChoice& dram,
                 const std::string& setting, std::FILE* out) {
  const launch::SignalGate gate;  // or Ctrl-C between two runs would take everything along
  Measured measured;
  Progress progress(total_steps(cases, dram.measures()));
  for (const BenchCase& bench : cases) {
    BenchOutcome outcome = run_case(bench, launch::built_in_launcher(), progress);
    progress.hide();
    if (outcome.failed) measured.stopped = std::move(outcome.failure);
    keep_whole_turns(outcome.records, bench.contenders.size());
    if (outcome.records.empty()) return measured;
    measured.reports.push_back({summarize(bench.workload, bench.contenders, outcome.records,
                                          bench.repetition.quantile_level()),
                                std::move(outcome.records)});
    CaseReport& report = measured.reports.back();
    fmt::print(out, "{}", format_table(report.summary, setting));
    std::fflush(out);
    if (measured.stopped) return measured;
    if (!dram.measures()) continue;
    const BenchDram traffic =
        add_memory_traffic(bench, dram, launch::built_in_launcher(), progress, report.records);
    progress.hide();
    fmt::print(out, "{}", traffic.text);
    std::fflush(out);
    if (traffic.exit_code == 0) continue;
    measured.stopped = stopped_by(traffic.exit_code - 128);
    return measured;
  }
  if (const int number = launch::take_stop_signal()) measured.stopped = stopped_by(number);
  return measured;
}

/// "histogram: 3 of 5 runs of each": how far a benchmark got that stopped.
std::string format_progress_made(const std::vector<BenchCase>& cases,
                                 const std::vector<CaseReport>& reports) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const int pairs = i < reports.size() ? reports[i].summary.pairs : 0;
    const Repetition& repetition = cases[i].repetition;
    parts.push_back(
        repetition.automatic
            ? fmt::format("{}: {} runs of each", cases[i].workload, pairs)
            : fmt::format("{}: {} of {} runs of each", cases[i].workload, pairs, repetition.pairs));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

int complain_about(const BenchFailure& failure, const std::string& consequence) {
  std::fputs(failure.output.c_str(), stderr);
  return complain("bench", fmt::format("{}{}", failure.message, consequence), failure.exit_code);
}

int run_cases(const BenchOptions& options, const ExtraWords& words,
              const std::vector<BenchCase>& cases, const DramChoice& dram) {
  const auto plan = launch::plan_job(options.job, allowed_cpus());
  if (!plan.ok()) return complain("bench", plan.status().message(), usage_error);
  const std::vector<Contender>& contenders = cases.front().contenders;
  const auto plans = plans_of(contenders, options.job, allowed_cpus());
  if (!plans.ok()) return complain("bench", plans.status().message(), usage_error);
  say_direct("bench", plans.value());
  const Machine machine = describe_machine();
  CoreDistance distance{.before_ns = measure_job_distance_ns(plan.value()), .after_ns = {}};
  std::FILE* out = options.files.text();
  fmt::print(out, "{}", format_sizes(options.paper));
  const auto [reports, stopped] =
      measure(cases, dram,
              format_setting(plan.value()) + format_routing(contenders, plans.value()) +
                  format_places(contenders) + format_dpu(options, cases),
              out);
  if (reports.empty()) {
    return complain_about(*stopped,
                          stopped->interrupted ? " (nothing was measured) start it again" : "");
  }
  if (is_suite(options)) fmt::print(out, "{}", format_paper(options.paper, reports));
  if (reports.size() > 1) fmt::print(out, "{}\n", bench_answer(summaries_of(reports)));
  if (!stopped) distance.after_ns = measure_job_distance_ns(plan.value());
  fmt::print(out, "{}", format_machine(machine, distance));
  if (stopped) fmt::print(out, "PARTIAL: {}\n", format_progress_made(cases, reports));
  const Status written =
      options.files.write(bench_report(machine, distance, words.command, reports,
                                       paper_json(options.paper, reports), stopped.has_value()));
  if (!written.ok()) complain("bench", written.message());
  if (stopped) {
    return complain_about(*stopped, fmt::format(" (what is reported is partial: {}) start it again "
                                                "for the rest",
                                                format_progress_made(cases, reports)));
  }
  return written.ok() ? 0 : 1;
}

void add_repetition(Parser app, BenchOptions& options) {
  app.add_option(
         "--repeat",
         [&options](const std::string& text) -> std::string {
           const auto repetition = parse_repetition(text);
           if (!repetition.ok()) return repetition.status().message();
           options.repetition.automatic = repetition.value().automatic;
           options.repetition.pairs = repetition.value().pairs;
           return {};
         },
         "runs of each placement that count, after a warm-up (default: 5); auto: until there is a "
         "verdict")
      .type_name("K");
  options.time_limit = app.add_option(
                              "--time-limit",
                              [&options](const std::string& text) -> std::string {
                                const auto seconds = parse_count(text);
                                if (!seconds || *seconds == 0) {
                                  return fmt::format(
                                      "--time-limit: '{}' is no number of seconds (it limits "
                                      "--repeat auto) give one, like 60",
                                      text);
                                }
                                options.repetition.time_limit_s = static_cast<double>(*seconds);
                                return {};
                              },
                              "of --repeat auto: seconds for the runs of a workload (default: 60)")
                           .type_name("S");
}

/// What is given and changes nothing is a mistake.
Status check_repetition(const BenchOptions& options) {
  if (options.repetition.automatic || !options.time_limit.given()) return {};
  return {ErrorCode::invalid_argument,
          "--time-limit is for --repeat auto (a number of runs takes as long as it takes) leave it "
          "out, or add --repeat auto"};
}

int run(BenchOptions options, const ExtraWords& words) {
  if (options.workloads.empty()) {
    return complain("bench",
                    fmt::format("there is no workload to run (none is named; those that "
                                "exist: {}) name one, like: buddy bench histogram",
                                fmt::join(list_workloads(own_folder()), ", ")),
                    usage_error);
  }
  const Status repeated = check_repetition(options);
  if (!repeated.ok()) return complain("bench", repeated.message(), usage_error);
  const auto dram = dram_choice(options);
  if (!dram.ok()) return complain("bench", dram.status().message(), usage_error);
  const Status measurable = check_dram_on_hosts(options.job, dram.value().measures());
  if (!measurable.ok()) return complain("bench", measurable.message(), usage_error);
  const Status served = use_services(options.job);
  if (!served.ok()) return complain("bench", served.message(), usage_error);
  const Status chosen = choose_problems(options);
  if (!chosen.ok()) return complain("bench", chosen.message(), usage_error);
  const auto cases = make_cases(options, words);
  if (!cases.ok()) return complain("bench", cases.status().message(), usage_error);
  const Status taken = check_workload_options(cases.value(), {"bench", options.names});
  if (!taken.ok()) return complain("bench", taken.message(), usage_error);
  std::vector<std::string> inputs = words.unknown;
  inputs.push_back(options.input);
  const Status writable = options.files.check(inputs);
  if (!writable.ok()) return complain("bench", writable.message());
  return run_cases(options, words, cases.value(), dram.value());
}

}  // namespace

Command add_bench_command(Parser parent) {
  auto options = std::make_shared<BenchOptions>();
  Parser app = add_command(
      parent, {.name = "bench",
               .usage = "buddy bench WORKLOAD... [OPTIONS] [WORKLOAD OPTIONS]",
               .description = "run workloads in several placements, in turns, and compare them"});
  app.add_option("workload", options->workloads,
                 fmt::format("workloads to run; those that exist: {}; paper: the paper's five, and "
                             "its table",
                             fmt::join(list_workloads(own_folder()), ", ")))
      .type_name("WORKLOAD");
  add_job_options(app, options->job);
  add_host_options(app, options->job);
  options->placement = add_placement_option(app, options->job);
  options->placement.description("run this placement only, compare nothing");
  app.add_option("--compare", options->compare,
                 "what takes turns: host, shared, engine, dpu, remote (engine over UCX), alltoallv "
                 "(default: host,engine; of paper: host,shared,engine,dpu)")
      .type_name("LIST")
      .excludes(options->placement);
  add_paper_options(app, options->paper_words);
  app.add_option("--input", options->input, "file that the workloads read").type_name("FILE");
  add_repetition(app, *options);
  add_dram_options(app, options->dram,
                   "memory traffic, measured on extra runs: auto, none, resctrl, perf, bfperf or "
                   "cachegrind (default: none; of paper: auto)");
  add_report_options(app, options->files, "the report");
  app.footer(
      "Other options go to the workloads: see buddy-WORKLOAD --help.\n"
      "Example: the ranks on CPU 0, the engine on CPU 1, against routing in the ranks\n"
      "  buddy bench histogram -n 1 --host-cpus 0 --engine-cpus 1 --updates 5000000");
  options->names = option_names(app);
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
