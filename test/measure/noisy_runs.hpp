// Runs whose times differ as on real machines, for tests of what is concluded from them.
#pragma once

#include <cmath>
#include <random>
#include <vector>

namespace buddy::measure::testing {

/// Logarithms of the times of runs that differ as on real machines, one after the other.
class NoisyRuns {
 public:
  enum class Kind {
    normal,    ///< by 3 %
    outliers,  ///< and one in ten takes longer, by 30 % on average
    drift,     ///< and the machine's speed wanders by 10 %, over some ten runs
    trend,     ///< and every run takes 1 % longer than the one before
    bimodal,   ///< and three in ten take 15 % longer, as where threads sleep on other cores
  };
  NoisyRuns(Kind kind, std::mt19937_64& random) : kind_(kind), random_(random) {
    state_ = normal_(random_);
  }

  double run() {
    double time = 0.03 * normal_(random_);
    switch (kind_) {
      case Kind::normal: break;
      case Kind::outliers:
        if (uniform_(random_) < 0.1) time += -0.3 * std::log(1 - uniform_(random_));
        break;
      case Kind::drift:
        state_ = 0.9 * state_ + std::sqrt(1 - 0.81) * normal_(random_);
        time += 0.1 * state_;
        break;
      case Kind::trend: time += trend_ += 0.01; break;
      case Kind::bimodal:
        if (uniform_(random_) < 0.3) time += 0.15;
        break;
    }
    return time;
  }

  /// Ratio of a pair of runs, in turns that go forwards and backwards. \param speedup true one
  double pair(double speedup) {
    const double first = run();
    const double second = run();
    forwards_ = !forwards_;
    return speedup * std::exp(forwards_ ? first - second : second - first);
  }

 private:
  Kind kind_;
  std::mt19937_64& random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  double state_ = 0;
  double trend_ = 0;
  bool forwards_ = false;
};

inline constexpr NoisyRuns::Kind all_kinds[] = {NoisyRuns::Kind::normal, NoisyRuns::Kind::outliers,
                                                NoisyRuns::Kind::drift, NoisyRuns::Kind::trend,
                                                NoisyRuns::Kind::bimodal};

inline constexpr int experiments = 4000;
/// 0.95 less four standard deviations of so many experiments.
inline constexpr double least_coverage = 0.936;

inline std::vector<double> take(NoisyRuns& runs, double speedup, int pairs) {
  std::vector<double> ratios;
  for (int i = 0; i < pairs; ++i) ratios.push_back(runs.pair(speedup));
  return ratios;
}

}  // namespace buddy::measure::testing
