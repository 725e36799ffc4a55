// buddy bench model: how well offloading can be predicted.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>

#include "base/affinity.hpp"
#include "launch/process/signal_gate.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"
#include "tools/command/nearest.hpp"
#include "tools/command/slips.hpp"
#include "tools/predict/emulated_dpus.hpp"
#include "tools/predict/model_document.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

struct ModelOptions {
  launch::JobOptions job{.ranks = 2, .nodes = 2, .host_cpus = "0", .engine_cpus = "1"};
  std::vector<std::string> applications;
  std::vector<std::string> outside;  ///< programs with their options
  std::optional<int> of_each;        ///< programs of an application
  std::vector<predict::EmulatedDpu> dpus;
  int repeat = 5;
  DramWords dram;
  ReportFiles files;
  std::vector<std::string> from;
  /// What chooses programs, engines and runs to measure.
  std::vector<std::pair<const char*, Option>> of_runs;
  std::vector<std::string> names;  ///< of all options
};

std::string own_folder() {
  return std::filesystem::path(launch::self_path()).parent_path().native();
}

/// Runs of the past are judged as they are unless somebody wants more.
Result<DramChoice> dram_choice(const ModelOptions& options) {
  return dram_choice(options.dram, options.from.empty() ? measure::dram_auto : measure::dram_none);
}

Status nothing_to_predict() {
  return {ErrorCode::invalid_argument,
          "nothing can be predicted (the sweep has fewer than two applications, and models are "
          "judged on those they were not fitted on) take at least two, on a quiet machine"};
}

/// \return what is wrong with \p text, or nothing
std::string take_dpus(const std::string& text, std::vector<predict::EmulatedDpu>& dpus) {
  auto read = parse_emulated_dpus(text);
  if (!read.ok()) return read.status().message();
  dpus = std::move(read.value());
  return {};
}

/// Programs outside the sweep. Errors: invalid_argument for one that is not there.
Result<std::vector<ModelCase>> outside_cases(const std::vector<std::string>& programs) {
  std::vector<ModelCase> cases;
  for (const std::string& text : programs) {
    std::istringstream words(text);
    cases.push_back(outside_case({std::istream_iterator<std::string>(words), {}}));
    const auto program = find_workload(own_folder(), cases.back().application);
    if (!program.ok()) return program.status();
  }
  return cases;
}

/// What no run could start with is refused before the first: CPUs that are not there, options that
/// programs outside the sweep do not take.
Status check_runs(const ModelOptions& options, const std::vector<ModelCase>& cases) {
  if (!options.from.empty()) return {};
  for (const launch::Place place : {launch::Place::host, launch::Place::engine}) {
    launch::JobOptions job = options.job;
    job.placement = place;
    const auto plan = launch::plan_job(job, allowed_cpus());
    if (!plan.ok()) return plan.status();
  }
  std::vector<BenchCase> programs;
  for (const ModelCase& one : cases) {
    if (!one.outside) continue;
    const auto path = find_workload(own_folder(), one.application);
    if (!path.ok()) return path.status();
    BenchCase& bench = programs.emplace_back();
    bench.workload = one.application;
    bench.program = {path.value()};
    bench.program.insert(bench.program.end(), one.options.begin(), one.options.end());
  }
  return check_workload_options(programs, {"bench model", options.names});
}

int applications_in(const std::vector<ModelCase>& cases) {
  std::set<std::string> names;
  for (const ModelCase& one : cases) {
    if (!one.outside) names.insert(one.application);
  }
  return static_cast<int>(names.size());
}

/// What chooses runs to measure has no meaning for those of the past.
Status check_from(const ModelOptions& options) {
  if (options.from.empty()) return {};
  const auto given = std::find_if(options.of_runs.begin(), options.of_runs.end(),
                                  [](const auto& one) { return one.second.given(); });
  if (given == options.of_runs.end()) return {};
  return {ErrorCode::invalid_argument,
          fmt::format("{} chooses nothing (--from judges what is in the reports) leave it out",
                      given->first)};
}

/// Those of the applications that were named, and programs outside the sweep.
std::vector<ModelCase> narrowed(std::vector<ModelCase> cases, const ModelOptions& options) {
  const auto& wanted = options.applications;
  std::erase_if(cases, [&](const ModelCase& one) {
    return !wanted.empty() &&
           std::find(wanted.begin(), wanted.end(), one.application) == wanted.end();
  });
  if (options.of_each) cases = some_of_each(cases, static_cast<std::size_t>(*options.of_each));
  return cases;
}

Result<std::vector<ModelCase>> chosen_cases(const ModelOptions& options) {
  const Status from = check_from(options);
  if (!from.ok()) return from;
  const auto outside = outside_cases(options.outside);
  if (!outside.ok()) return outside.status();
  std::vector<ModelCase> cases = model_cases();
  const auto& wanted = options.applications;
  for (const std::string& name : wanted) {
    const bool known = std::any_of(cases.begin(), cases.end(),
                                   [&](const ModelCase& one) { return one.application == name; });
    if (known) continue;
    std::vector<std::string> names;
    for (const ModelCase& one : cases) {
      if (std::find(names.begin(), names.end(), one.application) == names.end()) {
        names.push_back(one.application);
      }
    }
    return Status(ErrorCode::invalid_argument,
                  fmt::format("'{}' is not in the sweep (it has {}) {}", name,
                              fmt::join(names, ", "), advice(name, names, "choose among those")));
  }
  if (!wanted.empty() && !options.from.empty()) {
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("'{}' chooses nothing (--from judges all applications of the reports) "
                    "leave it out",
                    wanted.front()));
  }
  cases = narrowed(std::move(cases), options);
  if (applications_in(cases) < 2) return nothing_to_predict();
  cases.insert(cases.end(), outside.value().begin(), outside.value().end());
  return cases;
}

/// The ratio of the same program over another fabric: what ranks do with their memory depends
/// little on what lies between their engines.
std::optional<double> ratio_of_sibling(const ModelCase& one, const ModelPoint& before) {
  const bool same = before.of.application == one.application && before.of.options == one.options;
  return same ? before.run.memory_to_communication_ratio : std::nullopt;
}

/// Why a sweep ended before all programs had run.
struct Stopped {
  Status why;
  int exit_code = 0;
};

void note_passed_over(const ModelPoint& point, int repeat) {
  if (point.passed_over.empty()) return;
  fmt::print(stderr, "note: {} of {} pairs of {} {} were passed over: {}\n",
             repeat - static_cast<int>(point.pairs.size()), repeat, point.of.application,
             fmt::join(point.of.options, " "), point.passed_over);
}

/// Measures the sweep. What was measured until it was stopped is returned.
Result<Model> measure(const ModelOptions& options, const DramChoice& dram,
                      const std::vector<ModelCase>& cases, Stopped& stopped) {
  const auto calibration = find_calibration("");
  if (!calibration.ok()) return calibration.status();
  const launch::SignalGate gate;  // or Ctrl-C between two runs would take everything along
  SweepOptions how{
      .job = options.job, .repeat = options.repeat, .dram = dram, .dpus = options.dpus};
  Progress progress(static_cast<int>(cases.size()) * steps_per_case(how));
  Model model;
  model.machine = describe_machine().to_json();
  if (calibration.value()) model.calibration = calibration_figures(*calibration.value());
  for (const ModelCase& one : cases) {
    const auto program = find_workload(own_folder(), one.application);
    stopped = {program.status(), 1};
    if (!program.ok()) break;
    how.ratio.reset();
    if (!model.points.empty()) how.ratio = ratio_of_sibling(one, model.points.back());
    auto point = measure_case(one, program.value(), how, progress, stopped.exit_code);
    progress.hide();
    stopped.why = point.status();
    if (!point.ok()) break;
    note_passed_over(point.value(), options.repeat);
    point.value().machine = machine_words(*model.machine);
    if (point.value().pairs.empty()) {
      model.missing.push_back({one, point.value().passed_over});
    } else {
      model.points.push_back(std::move(point.value()));
    }
    if (stopped.exit_code == 0) continue;
    stopped.why = Status(ErrorCode::system, "stopped by a signal");
    break;
  }
  const std::size_t looked_at = model.points.size() + model.missing.size();
  for (std::size_t i = looked_at; i < cases.size(); ++i) {
    model.missing.push_back({cases[i], "the sweep was stopped before"});
  }
  return model;
}

/// Runs of the past, from all files; memory traffic is measured now where it is missing and wanted.
Result<Model> collect(const ModelOptions& options, const DramChoice& dram) {
  auto model = load_model(options.from.front());
  if (!model.ok()) return model;
  auto& points = model.value().points;
  for (auto file = options.from.begin() + 1; file != options.from.end(); ++file) {
    auto more = load_model(*file);
    if (!more.ok()) return more;
    add_points(points, more.value().points);
    add_missing(model.value().missing, more.value().missing, points);
    model.value().stopped = model.value().stopped || more.value().stopped;
  }
  if (!dram.measures()) return model;
  Progress progress(static_cast<int>(points.size()));
  const ModelPoint* before = nullptr;
  for (ModelPoint& point : points) {
    auto& ratio = point.run.memory_to_communication_ratio;
    if (!ratio && before != nullptr) ratio = ratio_of_sibling(point.of, *before);
    if (!ratio) {
      const auto program = find_workload(own_folder(), point.of.application);
      if (!program.ok()) return program.status();
      SweepOptions how{.job = options.job, .dram = dram};
      how.job.fabric = point.of.fabric;
      int exit_code = 0;
      ratio = measure_ratio(point.of, program.value(), how, progress, exit_code);
      if (exit_code != 0) return Status(ErrorCode::system, "stopped by a signal");
    }
    before = &point;
  }
  progress.hide();
  return model;
}

int applications_in(const Model& model) {
  std::set<std::string> names;
  for (const ModelPoint& point : model.points) {
    if (!point.of.outside) names.insert(point.of.application);
  }
  return static_cast<int>(names.size());
}

/// Fits, prints, and writes the report.
int judge(Model& model, const ModelOptions& options, const std::vector<std::string>& command) {
  fit_and_judge(model);
  const Json report = model_report(model, command);
  fmt::print(options.files.text(), "{}", format_model(report));
  const Status written = options.files.write(report);
  return written.ok() ? 0 : complain("bench model", written.message());
}

int run(const ModelOptions& options, const ExtraWords& words) {
  if (!words.after_dashes.empty()) {
    return complain("bench model",
                    "programs and their options cannot be chosen (the sweep has its own) leave "
                    "them out",
                    usage_error);
  }
  const auto dram = dram_choice(options);
  if (!dram.ok()) return complain("bench model", dram.status().message(), usage_error);
  const Status writable = options.files.check(options.from);
  if (!writable.ok()) return complain("bench model", writable.message());
  const auto cases = chosen_cases(options);
  if (!cases.ok()) return complain("bench model", cases.status().message(), usage_error);
  const Status runnable = check_runs(options, cases.value());
  if (!runnable.ok()) return complain("bench model", runnable.message(), usage_error);
  Stopped stopped;
  auto model = options.from.empty() ? measure(options, dram.value(), cases.value(), stopped)
                                    : collect(options, dram.value());
  if (!model.ok()) return complain("bench model", model.status().message());
  if (applications_in(model.value()) >= 2) {
    const int failed = judge(model.value(), options, words.command);
    if (failed != 0) return failed;
  } else if (stopped.why.ok()) {
    return complain("bench model", nothing_to_predict().message(), usage_error);
  } else {
    return complain("bench model",
                    stopped.why.message() + " (too little was measured to report) start it again",
                    stopped.exit_code);
  }
  if (stopped.why.ok()) return 0;
  // Minutes of measuring are not thrown away because one program failed, or somebody had enough.
  return complain(
      "bench model",
      fmt::format("{} (what is reported is partial: {} of {} programs) start it again "
                  "for the rest",
                  stopped.why.message(), model.value().points.size(), cases.value().size()),
      stopped.exit_code);
}

}  // namespace

Command add_bench_model_command(Parser bench) {
  auto options = std::make_shared<ModelOptions>();
  Parser app = add_command(
      bench,
      {.name = "model",
       .usage = "buddy bench model [APPLICATION...] [OPTIONS]",
       .description = "how well `buddy predict` predicts, over a sweep of all applications"});
  app.add_option("application", options->applications, "applications of the sweep (default: all)")
      .type_name("APPLICATION");
  app.add_option("--host-cpus", options->job.host_cpus, "CPUs for the two ranks (default: 0)")
      .type_name("LIST");
  app.add_option("--engine-cpus", options->job.engine_cpus,
                 "CPUs for the engines of the two nodes (default: 1)")
      .type_name("LIST");
  app.add_option("--repeat", options->repeat,
                 "runs of each placement that count, after a warm-up (default: 5)")
      .range(1, 10'000)
      .type_name("K");
  app.add_option("--of-each", options->of_each,
                 "programs of each application, spread over its part of the sweep (default: all)")
      .range(1, 1000)
      .type_name("N");
  app.add_option(
         "--dpu", [options](const std::string& text) { return take_dpus(text, options->dpus); },
         "emulated DPUs to measure as well, like slowdown=1.5,2.5,4: the models are fitted on the "
         "normal engine, and judged by these, too")
      .type_name("DPUS");
  app.add_option(
         "--outside", options->outside,
         "programs outside the sweep, like 'histogram --payload 256': the models are judged "
         "by them over UCX, and not fitted on them")
      .type_name("PROGRAM");
  app.add_option("--from", options->from,
                 "judge the runs in these reports, time nothing; pairs of the same program are "
                 "put together")
      .type_name("FILE");
  add_dram_options(
      app, options->dram,
      "memory traffic for the rule of the ratio, measured on extra runs: auto (default; with "
      "--from: none), none, resctrl, perf, bfperf or cachegrind");
  add_report_options(app, options->files, "the report, which `buddy predict --model` reads,");
  app.footer(
      "Every program runs in both placements, with different messages, work per message and "
      "fabrics.\nEach application is then predicted by models fitted on the others.\n"
      "Example: some twenty minutes on two otherwise idle cores\n"
      "  buddy bench model --json model.json");
  for (const char* name :
       {"--outside", "--of-each", "--dpu", "--repeat", "--host-cpus", "--engine-cpus"}) {
    options->of_runs.emplace_back(name, app.get_option(name));
  }
  options->names = option_names(app);
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
