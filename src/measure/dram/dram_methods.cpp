#include "measure/dram/dram_methods.hpp"

#include "measure/dram/dram_bfperf.hpp"
#include "measure/dram/dram_cachegrind.hpp"
#include "measure/dram/dram_perf.hpp"
#include "measure/dram/dram_resctrl.hpp"

namespace buddy::measure {

std::vector<std::unique_ptr<DramMeter>> dram_meters() {
  std::vector<std::unique_ptr<DramMeter>> meters;
  meters.push_back(std::make_unique<ResctrlMeter>());
  meters.push_back(std::make_unique<PerfMeter>());
  meters.push_back(std::make_unique<BfperfMeter>());
  return meters;
}

std::vector<DramMethod> dram_methods() {
  std::vector<DramMethod> methods;
  for (const auto& meter : dram_meters()) {
    methods.push_back({std::string(meter->name()), meter->available(), meter->what()});
  }
  methods.push_back({std::string(dram_cachegrind), find_valgrind().status(),
                     "misses of a simulated last-level cache, on a smaller run"});
  return methods;
}

Status check_dram_method(std::string_view name) {
  if (name == dram_auto || name == dram_none || name == dram_cachegrind) return {};
  std::string known;
  for (const auto& meter : dram_meters()) {
    if (meter->name() == name) return {};
    known += ", " + std::string(meter->name());
  }
  return {ErrorCode::invalid_argument, "there is no method '" + std::string(name) +
                                           "' to measure memory traffic (auto, none" + known +
                                           " and cachegrind exist) choose one of them"};
}

}  // namespace buddy::measure
