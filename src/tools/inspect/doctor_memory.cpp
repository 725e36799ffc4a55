// The doctor's look at the ways of measuring memory traffic.
#include <fmt/core.h>

#include "measure/dram/dram_methods.hpp"
#include "tools/inspect/doctor.hpp"

namespace buddy::tools {

std::vector<Finding> check_memory_traffic() {
  std::vector<Finding> findings;
  for (const measure::DramMethod& method : measure::dram_methods()) {
    const bool works = method.usable.ok();
    findings.push_back({works ? Health::good : Health::note, fmt::format("dram {}", method.name),
                        works ? method.what : method.usable.message()});
  }
  return findings;
}

}  // namespace buddy::tools
