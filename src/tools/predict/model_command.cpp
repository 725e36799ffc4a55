// buddy bench model: how well offloading can be predicted.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

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
  std::erase_if(cases, [&](const ModelCase& one) {
    return std::find(wanted.begin(), wanted.end(), one.application) == wanted.end();
  });
  return cases;
}

/// The ratio of the same program over another fabric: what ranks do with their memory depends
/// little on what lies between their engines.
std::optional<double> ratio_of_sibling(const ModelCase& one, const ModelPoint& before) {
  const bool same = before.of.application == one.application && before.of.options == one.options;
  return same ? before.run.memory_to_communication_ratio : std::nullopt;
}

/// Measures the sweep. \param stopped why it ended early; what was measured until then is returned
Result<Model> measure(const ModelOptions& options, const DramChoice& dram,
                      const std::vector<ModelCase>& cases, Status& stopped) {
  const auto calibration = find_calibration("");
  if (!calibration.ok()) return calibration.status();
  Progress progress(static_cast<int>(cases.size()) * steps_per_case(options.repeat));
  Model model;
  model.machine = describe_machine().to_json();
  if (calibration.value()) model.calibration = calibration_figures(*calibration.value());
  for (const ModelCase& one : cases) {
    const auto program = find_workload(own_folder(), one.application);
    stopped = program.status();
    if (!stopped.ok()) break;
    SweepOptions how{.job = options.job, .repeat = options.repeat, .dram = dram};
    if (!model.points.empty()) how.ratio = ratio_of_sibling(one, model.points.back());
    auto point = measure_case(one, program.value(), how, progress);
    progress.hide();
    stopped = point.status();
    if (!stopped.ok()) break;
    model.points.push_back(std::move(point.value()));
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
      ratio = measure_ratio(point.of, program.value(), how, progress);
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
  const Status writable = options.files.check();
  if (!writable.ok()) return complain("bench model", writable.message());
  const auto cases = chosen_cases(options);
  if (!cases.ok()) return complain("bench model", cases.status().message(), usage_error);
  Status stopped;
  auto model = options.from.empty() ? measure(options, dram.value(), cases.value(), stopped)
                                    : collect(options, dram.value());
  if (!model.ok()) return complain("bench model", model.status().message());
  if (applications_in(model.value()) >= 2) {
    const int failed = judge(model.value(), options, words.command);
    if (failed != 0) return failed;
  } else if (stopped.ok()) {
    return complain(
        "bench model",
        "nothing can be predicted (the sweep has one application, and models are judged on those "
        "they were not fitted on) take at least two",
        usage_error);
  }
  // Minutes of measuring are not thrown away because one program failed, or somebody had enough.
  return stopped.ok() ? 0 : complain("bench model", stopped.message());
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
