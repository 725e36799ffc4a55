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

std::vector<std::string> dram_method_names() {
  std::vector<std::string> names = {std::string(dram_auto), std::string(dram_none)};
  for (const auto& meter : dram_meters()) names.emplace_back(meter->name());
  names.emplace_back(dram_cachegrind);
  return names;
}

}  // namespace buddy::measure
