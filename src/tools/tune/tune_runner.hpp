// Measures the settings of a search: runs of one workload, in pairs.
#pragma once

#include <chrono>
#include <optional>

#include "tools/bench/bench_runner.hpp"
#include "tools/tune/tune_search.hpp"

namespace buddy::tools {

class TuneRunner {
 public:
  /// \param bench one workload and one contender, with the usual knobs
  TuneRunner(const BenchCase& bench, const TuneSetting& usual, double time_limit_s);

  /// Runs that do not count: they fill the page cache with the program and its input, and make the
  /// others long enough. \return whether the program works
  bool warm_up();
  /// Two runs, each of which goes first in every other pair. A setting that the machine has no
  /// room for fails; a run that fails, a wrong answer and a signal that asks to stop end the
  /// search. \pre a launch::SignalGate exists in this thread
  TunePairResult measure(const TuneSetting& best, const TuneSetting& other);
  /// Before the time limit, as far as the runs so far tell; the first setting is tried whenever the
  /// limit is not over yet.
  bool has_time_for(int pairs) const;
  void expect(int pairs) { progress_.expect(2 * pairs); }

  Progress& progress() { return progress_; }
  /// Why a measurement ended the search.
  const std::optional<BenchFailure>& failure() const { return failure_; }

 private:
  std::optional<Record> run(const TuneSetting& setting);
  double elapsed_s() const;

  const BenchCase& bench_;
  TuneSetting usual_;
  double time_limit_s_;
  Progress progress_{1};
  std::uint64_t rounds_ = 0;  ///< of a run; 0: as many as the program does by itself
  int pairs_ = 0;
  int runs_ = 0;  ///< that count
  double warm_up_s_ = 0;
  std::optional<BenchFailure> failure_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace buddy::tools
