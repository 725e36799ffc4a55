#include "tools/tune/tune_runner.hpp"

#include <variant>

#include "base/affinity.hpp"
#include "launch/process/signal_gate.hpp"

namespace buddy::tools {

TuneRunner::TuneRunner(const BenchCase& bench, const TuneSetting& usual, double time_limit_s)
    : bench_(bench), usual_(usual), time_limit_s_(time_limit_s) {}

double TuneRunner::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

bool TuneRunner::has_time_for(int pairs) const {
  const double elapsed = elapsed_s();
  const double run_s = runs_ == 0 ? 0 : (elapsed - warm_up_s_) / runs_;
  return elapsed + 2 * pairs * run_s <= time_limit_s_;
}

std::optional<Record> TuneRunner::run(const TuneSetting& setting) {
  if (const int number = launch::take_stop_signal(); number != 0) {
    failure_ = stopped_by(number);
    return std::nullopt;
  }
  BenchCase bench = bench_;
  bench.job = with_setting(bench_.job, setting, usual_);
  const Step step{.contender = bench.contenders.front(), .pair = pairs_};
  auto result = run_step(bench, launch::built_in_launcher(), step, rounds_, progress_);
  if (auto* failure = std::get_if<BenchFailure>(&result)) {
    const std::string options = options_text(setting, usual_);
    if (!failure->interrupted && !options.empty()) failure->message += " with " + options;
    failure_ = std::move(*failure);
    return std::nullopt;
  }
  ++runs_;
  return std::move(std::get<Record>(result));
}

bool TuneRunner::warm_up() {
  for (int attempt = 0; attempt < most_warm_ups; ++attempt) {
    if (attempt > 0) progress_.expect(1);
    const auto record = run(usual_);
    if (!record) return false;
    const std::uint64_t wanted = rounds_after(*record, bench_.least_seconds);
    if (wanted == 0) break;
    rounds_ = wanted;
  }
  warm_up_s_ = elapsed_s();
  runs_ = 0;
  return true;
}

TunePairResult TuneRunner::measure(const TuneSetting& best, const TuneSetting& other) {
  const auto plan = launch::plan_job(with_setting(bench_.job, other, usual_), allowed_cpus());
  if (!plan.ok()) {
    return {.kind = TunePairResult::Kind::failed, .why = plan.status().message()};
  }
  const bool best_first = pairs_++ % 2 == 0;
  const auto first = run(best_first ? best : other);
  const auto second = first ? run(best_first ? other : best) : std::nullopt;
  if (!second) return {.kind = TunePairResult::Kind::stopped, .why = failure_->message};
  const Record& of_best = best_first ? *first : *second;
  const Record& of_other = best_first ? *second : *first;
  return {.pair = {.best_seconds = of_best.seconds(), .other_seconds = of_other.seconds()}};
}

}  // namespace buddy::tools
