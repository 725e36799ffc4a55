#include "tools/study/step_runner.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>

#include "launch/process/capture.hpp"
#include "launch/process/process.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/command/command.hpp"
#include "tools/report/json.hpp"
#include "tools/report/output_file.hpp"
#include "tools/study/duration.hpp"
#include "tools/study/study_files.hpp"

namespace buddy::tools {
namespace {

using Clock = std::chrono::steady_clock;

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::optional<double> load_now() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? std::optional(load) : std::nullopt;
}

/// One run of a study's command.
class Runner {
 public:
  Runner(StudyRun& study, std::FILE* out) : study_(study), out_(out) {}
  int run();

 private:
  struct Outcome {
    bool done = false;
    int end_with = 0;  ///< exit code to end with now, or 0
  };
  Outcome run_one(const StudyStep& step);
  /// Keeps what a step has printed, and brings the study's files up to date.
  Status keep(const StudyStep& step, const std::string& output);
  /// Says why nothing more is run. \return \p exit_code
  int stop(const std::string& message, int exit_code);
  std::size_t done_steps() const;

  StudyRun& study_;
  std::FILE* out_;
};

std::size_t Runner::done_steps() const {
  std::size_t count = 0;
  for (const StudyStep& step : study_.chosen) {
    if (study_.folder.read_report(step, study_.record).state == StepState::done) ++count;
  }
  return count;
}

int Runner::stop(const std::string& message, int exit_code) {
  return complain("study",
                  fmt::format("{} ({} of {} steps are done, and kept) type the same command again "
                              "to go on",
                              message, done_steps(), study_.chosen.size()),
                  exit_code);
}

Status Runner::keep(const StudyStep& step, const std::string& output) {
  if (!output.empty()) {
    const OutputFile file{study_.folder.output_file(step.name), study_advice};
    if (Status status = file.write(output); !status.ok()) return status;
  }
  return write_study_files(study_.folder, study_.record, study_.all);
}

Runner::Outcome Runner::run_one(const StudyStep& step) {
  std::vector<std::string> argv = {study_.program};
  argv.insert(argv.end(), step.words.begin(), step.words.end());
  argv.insert(argv.end(), {"--json", study_.folder.report_file(step.name)});
  StepRun run{.started = utc_now(), .load_before = load_now()};
  const auto begin = Clock::now();
  const auto end = run_step_program(argv);
  if (!end.ok()) return {.end_with = complain("study", end.status().message())};
  run.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  run.ended = utc_now();
  run.load_after = load_now();
  run.exit_code = end.value().exit_code;
  study_.record.runs[step.name] = run;
  const Status kept = keep(step, end.value().output);
  if (!kept.ok()) return {.end_with = complain("study", kept.message())};
  if (const int number = end.value().stop_signal; number != 0) {
    return {.end_with = stop(fmt::format("stopped by signal {} ({})", number, strsignal(number)),
                             128 + number)};
  }
  const StepReport report = study_.folder.read_report(step, study_.record);
  if (report.state == StepState::done) return {.done = true};
  // A full disk makes every step fail, each after its time.
  if (Status room = study_.folder.check_room(); !room.ok()) {
    return {.end_with = complain("study", room.message())};
  }
  std::string why = report.why;
  if (why.empty()) why = "its report is " + to_string(report.state);
  complain("study",
           fmt::format("step {} {} ({}) what it printed is in {}; go on with it by the "
                       "same command",
                       step.name, end.value().text, why, study_.folder.output_file(step.name)));
  return {};
}

int Runner::run() {
  std::size_t number = 0;
  std::vector<std::string> failed;
  for (const StudyStep& step : study_.chosen) {
    ++number;
    const std::string title = fmt::format("[{}/{}] {}", number, study_.chosen.size(), step.name);
    if (study_.folder.read_report(step, study_.record).state == StepState::done) {
      fmt::print(out_, "{}: done already\n", title);
      continue;
    }
    if (Status room = study_.folder.check_room(); !room.ok()) {
      return complain("study", room.message());
    }
    if (const int signal_number = launch::take_stop_signal(); signal_number != 0) {
      return stop(fmt::format("stopped by signal {}", signal_number), 128 + signal_number);
    }
    fmt::print(out_, "{}: {}, about {}\n", title, step.what, format_duration(step.expected_s));
    std::fflush(out_);
    const Outcome outcome = run_one(step);
    if (outcome.end_with != 0) return outcome.end_with;
    if (!outcome.done) failed.push_back(step.name);
    fmt::print(out_, "{}: {} after {}\n", title, outcome.done ? "done" : "FAILED",
               format_duration(study_.record.runs[step.name].seconds));
    std::fflush(out_);
  }
  if (failed.empty()) return 0;
  return stop(fmt::format("failed: {}", fmt::join(failed, ", ")), 1);
}

}  // namespace

Result<StepEnd> run_step_program(const std::vector<std::string>& argv) {
  launch::SignalGate gate;
  const launch::Capture output;
  launch::SpawnOptions options{.argv = argv};
  options.stdout_fd = output.fd();
  options.own_group = true;  // Ctrl-C comes to us, and is passed on
  const auto child = launch::spawn(options);
  if (!child.ok()) return child.status();
  StepEnd end;
  for (;;) {
    int status = 0;
    if (waitpid(child.value(), &status, WNOHANG) == child.value()) {
      const auto state = launch::ExitState::from_wait(status);
      end.exit_code = state.exit_code();
      end.text = state.describe();
      end.output = output.text();
      return end;
    }
    const int number = gate.wait(-1);
    if (!launch::asks_to_stop(number)) continue;
    if (end.stop_signal == 0) end.stop_signal = number;
    kill(child.value(), number);
  }
}

int run_study(StudyRun& study, std::FILE* out) {
  const launch::SignalGate gate;  // or Ctrl-C between two steps would take everything along
  // The record comes first: by it the folder is known for a study's, whatever fails from here on.
  const Status written = write_study_files(study.folder, study.record, study.all);
  if (!written.ok()) return complain("study", written.message());
  if (Status made = study.folder.make_steps(); !made.ok()) return complain("study", made.message());
  return Runner(study, out).run();
}

}  // namespace buddy::tools
