// buddy calibrate: what the pieces of the message path cost on this machine.
#include <fmt/core.h>

#include <cstdlib>
#include <memory>

#include "base/affinity.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/interruptible.hpp"
#include "tools/calibrate/calibration.hpp"
#include "tools/calibrate/calibration_doubts.hpp"
#include "tools/calibrate/calibrator.hpp"
#include "tools/command/command.hpp"
#include "tools/report/json.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {
namespace {

struct CalibrateOptions {
  std::string cpus;
  std::string output;
};

/// The CPUs to measure on: those asked for, else the first two that there are.
Result<std::vector<int>> choose_cpus(const std::string& list) {
  std::vector<int> allowed = allowed_cpus();
  if (list.empty()) {
    if (allowed.size() > 2) allowed.resize(2);
    return allowed;
  }
  auto cpus = launch::parse_cpu_list(list);
  if (!cpus.ok()) return cpus;
  if (Status status = launch::check_cpus(cpus.value(), allowed, "--cpus"); !status.ok())
    return status;
  if (cpus.value().size() <= 2) return cpus;
  return Status(ErrorCode::invalid_argument,
                fmt::format("--cpus names {} CPUs (a ring has two ends) name two, like 0,1",
                            cpus.value().size()));
}

/// \return the signal that asked to stop, or 0
int measure_until_signal(Calibration& calibration) {
  const auto note = [](const std::string& text) { fmt::print(stderr, "note: {}\n", text); };
  return launch::run_interruptible(
      [&](const std::stop_token& stop) { measure_costs(calibration, usual_rounds, stop, note); });
}

int run(const CalibrateOptions& options, const ExtraWords& words) {
  const auto cpus = choose_cpus(options.cpus);
  if (!cpus.ok()) return complain("calibrate", cpus.status().message(), usage_error);
  const auto path = options.output.empty() ? default_calibration_path() : options.output;
  if (!path.ok()) return complain("calibrate", path.status().message());
  const Status writable = prepare_calibration_file(path.value());
  if (!writable.ok()) return complain("calibrate", writable.message());
  Calibration calibration;
  calibration.cpus = cpus.value();
  calibration.command = words.command;
  calibration.machine = describe_machine().to_json();
  // No other thread is there yet. A loopback interface is what every machine has.
  setenv("UCX_NET_DEVICES", "lo", 0);  // NOLINT(concurrency-mt-unsafe)
  fmt::print(stderr, "measuring for some seconds on CPU {}\n",
             launch::format_cpu_list(calibration.cpus));
  const launch::LoadMeter meter(calibration.cpus);
  if (const int signal_number = measure_until_signal(calibration); signal_number != 0) {
    return complain("calibrate", "stopped by a signal (nothing was written) start it again",
                    128 + signal_number);
  }
  if (!calibration.append_ns_per_message) {
    return complain("calibrate", "nothing was measured (the CPUs were too busy) try again later");
  }
  std::FILE* out = path.value() == "-" ? stderr : stdout;
  fmt::print(out, "{}", format_calibration(calibration));
  std::fflush(out);
  if (const auto doubts = doubts_about(calibration, meter.read()); !doubts.empty()) {
    for (const measure::Doubt& doubt : doubts) fmt::print(out, "in doubt: {}\n", doubt.text);
    return complain("calibrate", fmt::format("nothing was stored: {}", doubts.front().text));
  }
  const Status written = write_calibration(calibration, path.value());
  if (!written.ok()) return complain("calibrate", written.message());
  if (path.value() != "-") fmt::print("written to {}\n", path.value());
  return 0;
}

}  // namespace

Command add_calibrate_command(Parser parent) {
  auto options = std::make_shared<CalibrateOptions>();
  Parser app = add_command(
      parent, {.name = "calibrate",
               .usage = "buddy calibrate [--cpus A,B] [--output FILE]",
               .description = "what the pieces of the message path cost on this machine"});
  app.add_option("--cpus", options->cpus,
                 "CPU of a rank and CPU of its engine (default: the first two)")
      .type_name("A,B");
  app.add_option("--output", options->output,
                 "where the figures go; - is stdout (default: calibration.json in "
                 "$XDG_CACHE_HOME/buddy or ~/.cache/buddy, where `buddy predict` looks)")
      .type_name("FILE");
  app.footer(
      "Takes some seconds. On a machine with other work nothing is stored, and the exit code is "
      "1.\n"
      "Example: a host with its ranks on CPU 0 and its engines on CPU 1\n"
      "  buddy calibrate --cpus 0,1");
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
