#include "predict/fit.hpp"

#include <algorithm>
#include <cmath>

namespace buddy::predict {
namespace {

/// Range of a coefficient, and what a step of 1 away from its plain value costs, in units of the
/// sweep's mean error.
struct Shape {
  double least;
  double most;
  double pull;
};

/// Sweeps over all coefficients at one step; some ten are enough for a real sweep.
constexpr int most_rounds = 1000;

constexpr std::array<Shape, coefficient_count> shapes = {{{0.6, 1.2, 0.10},
                                                          {0.5, 2.0, 0.05},
                                                          {0.5, 6.0, 0.01},
                                                          {0.4, 3.0, 0.03},
                                                          {0.4, 3.0, 0.03},
                                                          {0.0, 1.0, 0.03},
                                                          {0.0, 1.5, 0.03},
                                                          {0.0, 60.0, 0.0005},
                                                          {0.0, 60.0, 0.0005},
                                                          {0.0, 0.0, 0.0}}};

/// What a byte costs engines, the network apart, ns. No speedup shows it where engines hide behind
/// the ranks; but their CPU time is at least their work, and the program that keeps them busiest is
/// nearest to it. \return 0 where no CPU time is known
double ring_ns_of(const Sweep& sweep) {
  std::optional<double> least;
  for (const SweepPoint& point : sweep) {
    if (!point.engine_cpu_seconds || point.run.block_bytes <= 0) continue;
    const double routing = std::max(0.0, *point.engine_cpu_seconds - point.run.total().network);
    const double ns = routing / point.run.block_bytes * 1e9;
    least = std::min(least.value_or(ns), ns);
  }
  return least.value_or(0);
}

double cost(const Sweep& sweep, const EngineDescription& engine, const Coefficients& tried) {
  double errors = 0;
  for (const SweepPoint& point : sweep) {
    errors += std::abs(std::log(predicted_speedup(point, engine, tried) / point.speedup));
  }
  const Coefficients plain = plain_coefficients();
  double pulls = 0;
  for (std::size_t i = 0; i < coefficient_count; ++i) {
    pulls += shapes[i].pull * std::abs(tried.values[i] - plain.values[i]);
  }
  return errors / static_cast<double>(sweep.size()) + pulls;
}

}  // namespace

double predicted_speedup(const SweepPoint& point, const EngineDescription& engine,
                         const Coefficients& coefficients) {
  return point.run.seconds / predict(point.run, engine, coefficients).seconds;
}

Coefficients fit(const Sweep& sweep, const EngineDescription& engine) {
  Coefficients best = plain_coefficients();
  if (sweep.empty()) return best;
  constexpr auto ring = static_cast<std::size_t>(Coefficient::ring_ns);
  best.values[ring] = ring_ns_of(sweep);
  double least = cost(sweep, engine, best);
  for (double step = 0.25; step > 0.001; step /= 2) {
    bool better = true;
    for (int round = 0; better && round < most_rounds; ++round) {
      better = false;
      for (std::size_t i = 0; i < coefficient_count; ++i) {
        if (i == ring) continue;
        for (const double direction : {1.0, -1.0}) {
          Coefficients tried = best;
          const double range = shapes[i].most - shapes[i].least;
          tried.values[i] = std::clamp(tried.values[i] + direction * step * range, shapes[i].least,
                                       shapes[i].most);
          const double now = cost(sweep, engine, tried);
          if (!(now < least - 1e-9)) continue;  // also when it is no number
          least = now;
          best = tried;
          better = true;
        }
      }
    }
  }
  return best;
}

}  // namespace buddy::predict
