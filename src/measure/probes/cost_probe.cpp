#include "measure/probes/cost_probe.hpp"

#include <sched.h>

#include <algorithm>
#include <utility>

namespace buddy::measure {
namespace {

class DistanceProbe final : public CostProbe {
 public:
  explicit DistanceProbe(const CpuPair& cpus) : cpus_(cpus) {}
  void measure(const Limit& limit, CostSamples& samples) override {
    if (limit.over()) return;
    if (const auto ns = measure_core_distance_ns(cpus_)) {
      samples.add(&MessageCosts::core_distance_ns, *ns);
    }
  }

 private:
  CpuPair cpus_;
};

}  // namespace

MadeProbe make_distance_probe(const CpuPair& cpus) {
  return std::unique_ptr<CostProbe>(std::make_unique<DistanceProbe>(cpus));
}

void CostSamples::add(std::optional<Spread> MessageCosts::*figure, double value) {
  const auto cost = std::find_if(costs.begin(), costs.end(),
                                 [&](const Cost& each) { return each.figure == figure; });
  if (value > 0) values_[static_cast<std::size_t>(cost - costs.begin())].push_back(value);
}

void CostSamples::add_median(std::optional<Spread> MessageCosts::*figure,
                             std::vector<double> values) {
  if (!values.empty()) add(figure, spread_of(std::move(values)).median);
}

void CostSamples::summarize(MessageCosts& all) const {
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (!values_[i].empty()) all.*costs[i].figure = spread_of(values_[i]);
  }
}

void yield_core() noexcept { ::sched_yield(); }

}  // namespace buddy::measure
