// buddy predict: what offloading would bring to a profiled program.
#include <fmt/core.h>

#include <memory>
#include <optional>
#include <utility>

#include "tools/command/command.hpp"
#include "tools/predict/engine_file.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/predict/predict_report.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

struct PredictOptions {
  std::string profile;
  std::string engine = "x86";
  std::string model;
  std::string calibration;
  ReportFiles files;
};

int run(const PredictOptions& options, const std::vector<std::string>& command) {
  const auto profile =
      read_json_file(options.profile, "name a file that `buddy profile --json` has written");
  if (!profile.ok()) return complain("predict", profile.status().message());
  const auto run_seen = host_run_of(profile.value());
  if (!run_seen.ok()) {
    return complain("predict", in_file(options.profile, run_seen.status()).message());
  }
  const auto engine = choose_engine(options.engine);
  if (!engine.ok()) return complain("predict", engine.status().message(), usage_error);
  Result<Model> own = Model{};
  if (!options.model.empty()) {
    own = load_model(options.model);
    if (!own.ok()) return complain("predict", own.status().message());
  }
  Model model = options.model.empty() ? reference_model() : std::move(own.value());
  const auto calibrated = find_calibration(options.calibration);
  if (!calibrated.ok()) return complain("predict", calibrated.status().message());
  if (calibrated.value()) {
    model.fitted.coefficients =
        adapted(model.fitted.coefficients, machine_scale(model, *calibrated.value()));
  }
  const Status writable =
      options.files.check({options.profile, options.engine, options.model, options.calibration});
  if (!writable.ok()) return complain("predict", writable.message());
  const Json report =
      predict_report(profile.value(), run_seen.value(), engine.value(), model, command);
  fmt::print(options.files.text(), "{}", format_prediction(report));
  const Status written = options.files.write(report);
  return written.ok() ? 0 : complain("predict", written.message());
}

}  // namespace

Command add_predict_command(Parser parent) {
  auto options = std::make_shared<PredictOptions>();
  Parser app = add_command(
      parent, {.name = "predict",
               .usage = "buddy predict PROFILE [OPTIONS]",
               .description = "what offloading would bring to a profiled program, and why"});
  app.add_option("profile", options->profile,
                 "what `buddy profile --json` wrote, in host placement")
      .required()
      .type_name("PROFILE");
  app.add_option(
         "--engine", options->engine,
         "where the engine would run: x86 (default: other cores of the profiled machine), "
         "bluefield3, an emulated DPU like slowdown=2.5,latency_us=1, or a file that describes it")
      .type_name("ENGINE");
  app.add_option("--model", options->model,
                 "what `buddy bench model --json` wrote (default: measured by Buddy's makers)")
      .type_name("FILE");
  app.add_option("--calibration", options->calibration,
                 "what `buddy calibrate` wrote on the machine of the engine (default: the file in "
                 "its usual place, if there is one)")
      .type_name("FILE");
  add_report_options(app, options->files, "the prediction");
  app.footer(
      "Example: would a DPU help?\n"
      "  buddy profile -n 2 --nodes 2 --fabric ucx --host-cpus 0 --json profile.json -- ./program\n"
      "  buddy predict profile.json --engine bluefield3");
  return {app, [options](const ExtraWords& words) { return run(*options, words.command); }};
}

}  // namespace buddy::tools
