#include "base/cpu_quota.hpp"

#include <algorithm>
#include <string_view>

#include "base/small_files.hpp"

namespace buddy {
namespace {

/// "/a/b" of the line "0::/a/b", which is version 2's.
std::optional<std::string> own_group(const std::string& proc) {
  const auto groups = read_small_file(proc + "/self/cgroup");
  if (!groups) return std::nullopt;
  constexpr std::string_view version_2 = "0::/";
  for (const std::string_view line : split(*groups, '\n')) {
    if (line.starts_with(version_2)) return std::string(line.substr(version_2.size() - 1));
  }
  return std::nullopt;
}

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
  auto group = own_group(proc);
  std::optional<double> sum;
  while (group) {
    if (const auto one = throttled_seconds_in(cgroups + *group)) sum = sum.value_or(0) + *one;
    if (group->size() <= 1) break;
    group->resize(std::max<std::size_t>(group->rfind('/'), 1));
  }
  return sum;
}

}  // namespace buddy
