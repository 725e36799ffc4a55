// buddy bench scale: thousands of engines in one process, on a simulated network.
#include <fmt/core.h>

#include <memory>

#include "base/available_memory.hpp"
#include "launch/process/interruptible.hpp"
#include "tools/bench/bench_runner.hpp"
#include "tools/command/command.hpp"
#include "tools/command/progress.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"
#include "tools/scale/scale_plan.hpp"
#include "tools/scale/scale_report.hpp"

namespace buddy::tools {
namespace {

constexpr const char* name = "bench scale";

struct ScaleCommand {
  ScaleOptions options;
  ReportFiles files;
};

/// A part of what there is stays free for others.
constexpr double share_of_memory = 0.9;

Status check_memory_of(const std::vector<ScaleCase>& jobs) {
  const auto available = available_memory();
  if (!available) return {};
  const auto usable = static_cast<std::uint64_t>(share_of_memory * static_cast<double>(*available));
  for (const ScaleCase& job : jobs) {
    if (Status status = check_memory(job, usable); !status.ok()) return status;
  }
  return {};
}

/// \return what ended it early
Status simulate_all(const std::vector<ScaleCase>& jobs, const std::stop_token& stop,
                    ScaleReport& report) {
  Progress progress(static_cast<int>(jobs.size()));
  for (const ScaleCase& job : jobs) {
    progress.start_step(job.name());
    auto result = simulate(job, stop, [&](double share) {
      progress.start_step(fmt::format("{}, {:.0f} %", job.name(), 100 * share));
    });
    if (!result.ok()) return result.status();
    report.results.push_back(result.value());
    progress.finish_step();
  }
  return {};
}

/// \return exit code
int tell(const ScaleCommand& command, const ScaleReport& report, const ExtraWords& words) {
  const Machine machine = describe_machine();
  fmt::print(command.files.text(), "{}machine: {}, {}, {}\n{}", format_scale(report),
             machine.host_name, machine.cpu_model, machine.topology,
             report.partial ? "PARTIAL: stopped before the end\n" : "");
  const Status written = command.files.write(scale_report(report, machine, words.command));
  if (!written.ok()) return complain(name, written.message());
  for (const ScaleResult& result : report.results) {
    if (result.verified) continue;
    return complain(name, fmt::format("'{}' lost or mixed up messages (the engine is wrong) report "
                                      "it with its options",
                                      result.job.name()));
  }
  return 0;
}

int run(const ScaleCommand& command, const ExtraWords& words) {
  if (!words.after_dashes.empty()) {
    return complain(name,
                    fmt::format("'{}' is too much (this command runs no program) leave out what "
                                "follows --",
                                words.after_dashes[0]),
                    usage_error);
  }
  const auto jobs = plan_scale(command.options);
  if (!jobs.ok()) return complain(name, jobs.status().message(), usage_error);
  if (Status fits = check_memory_of(jobs.value()); !fits.ok()) {
    return complain(name, fits.message());
  }
  if (Status writable = command.files.check(); !writable.ok()) {
    return complain(name, writable.message());
  }
  ScaleReport report;
  report.model = command.options.model;
  report.paper = sizes_on_paper(jobs.value().front());
  Status ended;
  const int number = launch::run_interruptible(
      [&](const std::stop_token& stop) { ended = simulate_all(jobs.value(), stop, report); });
  report.partial = !ended.ok();
  if (report.partial && report.results.empty()) {
    return number == 0 ? complain(name, ended.message())
                       : complain(name,
                                  stopped_by(number).message +
                                      " (nothing was simulated) "
                                      "start it again",
                                  stopped_by(number).exit_code);
  }
  const int told = tell(command, report, words);
  if (!report.partial) return told;
  if (number == 0) return complain(name, ended.message());
  const BenchFailure stopped = stopped_by(number);
  return complain(name,
                  stopped.message + " (what is reported is partial) start it again for the rest",
                  stopped.exit_code);
}

}  // namespace

Command add_bench_scale_command(Parser bench) {
  auto command = std::make_shared<ScaleCommand>();
  Parser app = add_command(
      bench, {.name = "scale",
              .usage = "buddy bench scale [OPTIONS]",
              .description = "simulate thousands of engines: packets, memory and time by routing"});
  add_scale_options(app, command->options);
  add_report_options(app, command->files, "the report");
  app.footer(
      "The engines are real, the network, the cores and the ranks are not; nothing is started.\n"
      "Example: where direct routing becomes better than a grid of 1024 engines\n"
      "  buddy bench scale --agents 1024 --traffic histogram --messages 10k,100k --html "
      "scale.html");
  return {app, [command](const ExtraWords& words) { return run(*command, words); }};
}

}  // namespace buddy::tools
