#include "tools/calibrate/calibrator.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "base/affinity.hpp"
#include "measure/probes/cost_probe.hpp"

namespace buddy::tools {
namespace {

constexpr std::uint64_t series_limit_ns = 300'000'000;
constexpr std::uint64_t all_limit_ns = 30'000'000'000;

using Probes = std::vector<std::unique_ptr<measure::CostProbe>>;

Probes make_probes(const std::vector<int>& cpus, const std::stop_token& stop,
                   const CalibrationNote& note) {
  Probes probes;
  const auto add = [&](measure::MadeProbe made, std::string_view what) {
    if (made.ok()) {
      probes.push_back(std::move(made.value()));
    } else if (!stop.stop_requested()) {
      note(fmt::format("{} was not measured: {}", what, made.status().message()));
    }
  };
  add(measure::make_block_probe(), "the cost of messages");
  add(measure::make_network_probe(stop), "the network");
  if (cpus.size() < 2) {
    note(
        "rings, wake-up and the distance of cores were not measured (they take two CPUs, and "
        "there is one) allow this process another one");
    return probes;
  }
  add(measure::make_ring_probe(cpus[1]), "the ring");
  add(measure::make_wake_probe(cpus[1]), "the wake-up");
  add(measure::make_distance_probe({.first = cpus[0], .second = cpus[1]}),
      "the distance of the cores");
  return probes;
}

void note_missing(const Calibration& calibration, const CalibrationNote& note) {
  for (const measure::Cost& cost : measure::costs) {
    if (calibration.*cost.figure) continue;
    note(fmt::format("{} is missing", cost.key));
  }
}

}  // namespace

void measure_costs(Calibration& calibration, int rounds, const std::stop_token& stop,
                   const CalibrationNote& note) {
  if (!stay_on_cpu(calibration.cpus[0])) {
    note(
        fmt::format("nothing was measured (this process may not run on CPU {}) choose another "
                    "one with --cpus",
                    calibration.cpus[0]));
    return;
  }
  const measure::Limit all(stop, all_limit_ns);
  const Probes probes = make_probes(calibration.cpus, stop, note);
  measure::CostSamples samples;
  for (int round = 0; round <= rounds && !all.over(); ++round) {
    measure::CostSamples warm_up;
    for (const auto& probe : probes) {
      probe->measure(measure::Limit(stop, series_limit_ns), round == 0 ? warm_up : samples);
    }
  }
  samples.summarize(calibration);
  if (calibration.cpus.size() > 1 && !stop.stop_requested()) note_missing(calibration, note);
}

}  // namespace buddy::tools
