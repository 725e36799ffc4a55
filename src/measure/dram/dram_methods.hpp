// The methods of measuring memory traffic by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "measure/dram/dram_meter.hpp"

namespace buddy::measure {

inline constexpr std::string_view dram_auto = "auto";
inline constexpr std::string_view dram_none = "none";
inline constexpr std::string_view dram_cachegrind = "cachegrind";

/// The hardware's methods, the one first that tells most: resctrl keeps ranks and engines apart.
std::vector<std::unique_ptr<DramMeter>> dram_meters();

/// Whether a method works on this machine.
struct DramMethod {
  std::string name;
  Status usable;
  std::string what;  ///< it counts
};

/// All methods but none, in the order in which auto tries them.
std::vector<DramMethod> dram_methods();

/// auto, none, and the names of all methods.
std::vector<std::string> dram_method_names();

}  // namespace buddy::measure
