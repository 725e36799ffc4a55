// Carries out the runs of one workload.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "launch/job.hpp"
#include "tools/bench/bench_record.hpp"
#include "tools/bench/bench_stopping.hpp"
#include "tools/command/progress.hpp"

namespace buddy::tools {

/// A workload's program and everything that its runs have in common.
struct BenchCase {
  std::string workload;
  std::vector<std::string> program;  ///< path and arguments
  std::vector<Contender> contenders;
  Repetition repetition;
  launch::JobOptions job;  ///< its placement is set run by run
  /// Of the fastest contender's run: the workload does its work as many times as that takes, the
  /// same number for all contenders, if it knows --rounds. 0: as it does by itself.
  double least_seconds = 0;
};

/// Why a benchmark stopped.
struct BenchFailure {
  int exit_code = 1;
  std::string message;
  std::string output;        ///< what the failed run printed
  bool interrupted = false;  ///< by a signal to this process
};

/// By a signal to this process.
BenchFailure stopped_by(int signal_number);

/// Runs of a case, without warm-ups; or why there are none.
struct BenchOutcome {
  std::vector<Record> records;
  bool failed = false;
  BenchFailure failure;
};

/// One launch. \param rounds that the program does; 0: as many as it does by itself
/// \return the record, or why there is none \pre as of run_case()
std::variant<Record, BenchFailure> run_step(const BenchCase& bench,
                                            const launch::Launcher& launcher, const Step& step,
                                            std::uint64_t rounds, Progress& progress);

/// Runs turns of \p bench, first a warm-up, or several until the runs are long enough, then those
/// that count: as many as were asked for, or until there is a verdict. The first run that fails, or
/// whose answer is wrong, ends it, and so does a signal that asks to stop. What was measured until
/// then is in the outcome. The programs read nothing and print nothing; each writes its figures to
/// BUDDY_RESULT_FILE. \pre A launch::SignalGate exists in this thread, so that no signal comes
/// between two runs.
BenchOutcome run_case(const BenchCase& bench, const launch::Launcher& launcher, Progress& progress);

/// More warm-ups do not make runs longer.
inline constexpr int most_warm_ups = 4;
/// How many rounds the next warm-up does if \p record is of this one; 0: it is long enough, or the
/// program knows no rounds. \param least_seconds 0: every run is long enough
std::uint64_t rounds_after(const Record& record, double least_seconds);

/// How many rounds make a run last \p least_seconds if \p rounds of them lasted \p seconds; a
/// little more, because a warm-up is slower than what follows. \p rounds if that is long enough.
std::uint64_t rounds_for(double least_seconds, double seconds, std::uint64_t rounds);

/// Takes the runs of a turn off that did not get to its end: only whole turns are compared.
void keep_whole_turns(std::vector<Record>& records, std::size_t contenders);

}  // namespace buddy::tools
