#include "base/cpu_quota.hpp"

#include <string_view>

#include "base/control_group.hpp"
#include "base/small_files.hpp"

namespace buddy {
namespace {

/// Of one group; nothing if it has no quota.
std::optional<double> throttled_seconds_in(const std::string& group) {
  const auto figures = read_small_file(group + "/cpu.stat");
  if (!figures) return std::nullopt;
  for (const std::string_view line : split(*figures, '\n')) {
    constexpr std::string_view name = "throttled_usec ";
    if (!line.starts_with(name)) continue;
    const auto microseconds = parse_number(line.substr(name.size()));
    if (microseconds) return static_cast<double>(*microseconds) * 1e-6;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> read_throttled_seconds(const std::string& proc, const std::string& cgroups) {
  std::optional<double> sum;
  for (const std::string& group : own_control_groups(proc, cgroups)) {
    if (const auto one = throttled_seconds_in(group)) sum = sum.value_or(0) + *one;
  }
  return sum;
}

}  // namespace buddy
