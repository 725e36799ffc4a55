#include "tools/bench/bench_runner.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <cstring>
#include <utility>
#include <variant>

#include "arena/job_dir.hpp"
#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "base/whole_file.hpp"
#include "launch/process/capture.hpp"
#include "launch/process/signal_gate.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> command_of(const BenchCase& bench, Contender contender) {
  std::vector<std::string> command = bench.program;
  if (contender == Contender::alltoallv) {
    command.insert(command.begin() + 1, {"--method", "alltoallv"});
  }
  return command;
}

/// One launch. \return the record, or why there is none
std::variant<Record, BenchFailure> run_step(const BenchCase& bench,
                                            const launch::Launcher& launcher, const Step& step,
                                            Progress& progress) {
  const std::string what = fmt::format("{} {}", bench.workload, to_string(step.contender));
  const auto failure = [&](int exit_code, const std::string& message, std::string output) {
    return BenchFailure{exit_code, fmt::format("{}: {}", what, message), std::move(output), false};
  };
  const auto plan = launch::plan_job(options_of(step.contender, bench.job), allowed_cpus());
  if (!plan.ok()) return failure(1, plan.status().message(), {});
  const launch::SignalGate gate;  // a signal must not leave the folder behind
  const auto folder = arena::JobDir::create();
  if (!folder.ok()) return failure(1, folder.status().message(), {});

  const std::string result_file = folder.value().path() + "/result.json";
  const launch::Capture output;
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  progress.start_step(what);
  const launch::JobOutcome outcome = launch::run_job(
      plan.value(), launcher, command_of(bench, step.contender),
      {{"BUDDY_RESULT_FILE", result_file}},
      {.stdin_fd = nothing.get(), .stdout_fd = output.fd(), .stderr_fd = output.fd(), .tick = [&] {
         progress.tick();
       }});
  progress.finish_step();
  if (outcome.interrupted) {
    return BenchFailure{outcome.exit_code, outcome.message, {}, true};
  }
  if (outcome.exit_code != 0) return failure(outcome.exit_code, outcome.message, output.text());
  auto record = read_record(read_whole_file(result_file).value_or(""), step, plan.value());
  if (!record.ok()) return failure(1, record.status().message(), output.text());
  record.value().load = load_of(outcome);
  record.value().host_cpus = outcome.host_cpus;
  record.value().engine_cpus = outcome.engine_cpus;
  return std::move(record.value());
}

}  // namespace

BenchFailure stopped_by(int signal_number) {
  return {
      .exit_code = 128 + signal_number,
      .message = fmt::format("stopped by signal {} ({})", signal_number, strsignal(signal_number)),
      .output = {},
      .interrupted = true};
}

BenchOutcome run_case(const BenchCase& bench, const launch::Launcher& launcher,
                      Progress& progress) {
  BenchOutcome outcome;
  for (const Step& step : plan_steps(bench.contenders, bench.repeat)) {
    if (const int number = launch::take_stop_signal(); number != 0) {
      outcome.failed = true;
      outcome.failure = stopped_by(number);
      return outcome;
    }
    auto result = run_step(bench, launcher, step, progress);
    if (auto* failure = std::get_if<BenchFailure>(&result)) {
      outcome.failed = true;
      outcome.failure = std::move(*failure);
      return outcome;
    }
    if (step.pair == Step::warm_up) continue;
    outcome.records.push_back(std::move(std::get<Record>(result)));
  }
  return outcome;
}

void keep_whole_turns(std::vector<Record>& records, std::size_t contenders) {
  const std::size_t whole = records.size() / contenders * contenders;
  records.erase(records.begin() + static_cast<std::ptrdiff_t>(whole), records.end());
}

}  // namespace buddy::tools
