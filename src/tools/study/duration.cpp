#include "tools/study/duration.hpp"

#include <fmt/core.h>

namespace buddy::tools {

std::string format_duration(double seconds) {
  constexpr double minute = 60;
  constexpr double hour = 3600;
  if (seconds < 1.5 * minute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 1.5 * hour) return fmt::format("{:.0f} min", seconds / minute);
  return fmt::format("{:.1f} h", seconds / hour);
}

}  // namespace buddy::tools
