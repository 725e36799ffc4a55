#include "tools/bench/bench_runner.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>
#include <variant>

#include "arena/job_dir.hpp"
#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "base/whole_file.hpp"
#include "launch/process/capture.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/bench/option_words.hpp"

namespace buddy::tools {
namespace {

/// By what a warm-up's time may be off: one that is longer by this is long enough.
constexpr double warm_up_margin = 1.1;
constexpr double rounds_margin = 1.3;
/// A very short run says little about a long one.
constexpr double most_growth = 1000;
constexpr std::uint64_t most_rounds = 1 << 20;

/// \param rounds 0: as many as the program does by itself
std::vector<std::string> command_of(const BenchCase& bench, Contender contender,
                                    std::uint64_t rounds) {
  std::vector<std::string> command = bench.program;
  if (rounds > 0) set_option(command, "--rounds", rounds, 1);
  if (contender == Contender::alltoallv) {
    command.insert(command.begin() + 1, {"--method", "alltoallv"});
  }
  return command;
}

}  // namespace

std::variant<Record, BenchFailure> run_step(const BenchCase& bench,
                                            const launch::Launcher& launcher, const Step& step,
                                            std::uint64_t rounds, Progress& progress) {
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
      plan.value(), launcher, command_of(bench, step.contender, rounds),
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

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The runs of one case.
class CaseRun {
 public:
  CaseRun(const BenchCase& bench, const launch::Launcher& launcher, Progress& progress)
      : bench_(bench), launcher_(launcher), progress_(progress) {}

  BenchOutcome run() {
    warm_up();
    bench_.repetition.automatic ? run_until_decided() : run_pairs(bench_.repetition.pairs);
    return std::move(outcome_);
  }

 private:
  /// Runs one turn, unless something has failed. \return whether it is whole
  bool run_turn(int pair, std::vector<Record>& records) {
    for (const Step& step : plan_turn(bench_.contenders, pair)) {
      if (outcome_.failed) return false;
      if (const int number = launch::take_stop_signal(); number != 0) {
        fail(stopped_by(number));
        return false;
      }
      auto result = run_step(bench_, launcher_, step, rounds_, progress_);
      if (auto* failure = std::get_if<BenchFailure>(&result)) {
        fail(std::move(*failure));
        return false;
      }
      records.push_back(std::move(std::get<Record>(result)));
    }
    return true;
  }

  void fail(BenchFailure failure) {
    outcome_.failed = true;
    outcome_.failure = std::move(failure);
  }

  /// The turn fills the page cache with programs and input, and tells how long a run is.
  void warm_up() {
    for (int attempt = 0; attempt < most_warm_ups; ++attempt) {
      if (attempt > 0) progress_.expect(static_cast<int>(bench_.contenders.size()));
      std::vector<Record> records;
      if (!run_turn(Step::warm_up, records)) return;
      const auto fastest = std::min_element(
          records.begin(), records.end(),
          [](const Record& a, const Record& b) { return a.seconds() < b.seconds(); });
      const std::uint64_t wanted = rounds_after(*fastest, bench_.least_seconds);
      if (wanted == 0) return;
      rounds_ = wanted;
    }
  }

  void run_pairs(int pairs) {
    while (turns_ < pairs && run_turn(turns_, outcome_.records)) ++turns_;
  }

  void run_until_decided() {
    const auto start = Clock::now();
    for (int look = next_look(0); look > 0; look = next_look(look)) {
      if (turns_ > 0) {
        progress_.expect((look - turns_) * static_cast<int>(bench_.contenders.size()));
      }
      while (turns_ < look) {
        if (!run_turn(turns_, outcome_.records)) return;
        ++turns_;
        // The next turn is as long as those before.
        const double elapsed = seconds_since(start);
        if (elapsed + elapsed / turns_ > bench_.repetition.time_limit_s) return;
      }
      if (is_enough(summarize(bench_.workload, bench_.contenders, outcome_.records, look_level))) {
        return;
      }
    }
  }

  const BenchCase& bench_;
  const launch::Launcher& launcher_;
  Progress& progress_;
  BenchOutcome outcome_;
  std::uint64_t rounds_ = 0;  ///< 0: as many as the program does by itself
  int turns_ = 0;             ///< that count and are whole
};

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
  return CaseRun(bench, launcher, progress).run();
}

std::uint64_t rounds_after(const Record& record, double least_seconds) {
  const auto rounds = record.rounds();
  if (least_seconds == 0 || !rounds || *rounds < 1) return 0;
  const auto done = static_cast<std::uint64_t>(*rounds);
  const std::uint64_t wanted = rounds_for(least_seconds, record.seconds(), done);
  return wanted == done ? 0 : wanted;
}

std::uint64_t rounds_for(double least_seconds, double seconds, std::uint64_t rounds) {
  if (seconds >= warm_up_margin * least_seconds) return rounds;
  const double growth = std::min(rounds_margin * least_seconds / seconds, most_growth);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(static_cast<double>(rounds) * growth));
  return std::max(rounds, std::min(wanted, most_rounds));
}

void keep_whole_turns(std::vector<Record>& records, std::size_t contenders) {
  const std::size_t whole = records.size() / contenders * contenders;
  records.erase(records.begin() + static_cast<std::ptrdiff_t>(whole), records.end());
}

}  // namespace buddy::tools
