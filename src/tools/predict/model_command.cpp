// buddy bench model: how well offloading can be predicted.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "launch/process/signal_gate.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/command/command.hpp"
#include "tools/command/nearest.hpp"
#include "tools/predict/model_document.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

struct ModelOptions {
  launch::JobOptions job{.ranks = 2, .nodes = 2, .host_cpus = "0", .engine_cpus = "1"};
  std::vector<std::string> applications;
  int repeat = 5;
  DramWords dram;
  ReportFiles files;
  std::vector<std::string> from;
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

int applications_in(const std::vector<ModelCase>& cases) {
  std::set<std::string> names;
  for (const ModelCase& one : cases) names.insert(one.application);
  return static_cast<int>(names.size());
}

Result<std::vector<ModelCase>> chosen_cases(const ModelOptions& options) {
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
  if (wanted.empty()) return cases;
  if (!options.from.empty()) {
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("'{}' chooses nothing (--from judges all applications of the reports) "
                    "leave it out",
                    wanted.front()));
  }
  std::erase_if(cases, [&](const ModelCase& one) {
    return std::find(wanted.begin(), wanted.end(), one.application) == wanted.end();
  });
  if (applications_in(cases) < 2) return nothing_to_predict();
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
  Progress progress(static_cast<int>(cases.size()) * steps_per_case(options.repeat));
  Model model;
  model.machine = describe_machine().to_json();
  if (calibration.value()) model.calibration = calibration_figures(*calibration.value());
  for (const ModelCase& one : cases) {
    const auto program = find_workload(own_folder(), one.application);
    stopped = {program.status(), 1};
    if (!program.ok()) break;
    SweepOptions how{.job = options.job, .repeat = options.repeat, .dram = dram};
    if (!model.points.empty()) how.ratio = ratio_of_sibling(one, model.points.back());
    auto point = measure_case(one, program.value(), how, progress, stopped.exit_code);
    progress.hide();
    stopped.why = point.status();
    if (!point.ok()) break;
    note_passed_over(point.value(), options.repeat);
    if (!point.value().pairs.empty()) model.points.push_back(std::move(point.value()));
    if (stopped.exit_code == 0) continue;
    stopped.why = Status(ErrorCode::system, "stopped by a signal");
    break;
  }
  model.partial = !stopped.why.ok();
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
  for (const ModelPoint& point : model.points) names.insert(point.of.application);
  return static_cast<int>(names.size());
}

/// Fits, prints, and writes the report.
int judge(Model& model, const ModelOptions& options, const std::vector<std::string>& command) {
  const auto engine = *predict::preset_engine("x86");
  const predict::Sweep sweep = sweep_of(model.points);
  model.fitted = predict::fit_models(sweep, engine);
  const auto report = model_report(model, predict::evaluate(sweep, engine), command);
  fmt::print(options.files.text(), "{}{}", format_model(report),
             model.partial ? "PARTIAL: stopped before all programs\n" : "");
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
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
