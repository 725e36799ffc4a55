#include "base/available_memory.hpp"

#include <algorithm>
#include <string_view>

#include "base/control_group.hpp"
#include "base/small_files.hpp"

namespace buddy {
namespace {

/// The number behind \p name on a line that begins with it: "MemAvailable:   123 kB".
std::optional<std::uint64_t> figure_in(const std::string& path, std::string_view name) {
  const auto text = read_small_file(path);
  if (!text) return std::nullopt;
  for (std::string_view line : split(*text, '\n')) {
    if (!line.starts_with(name)) continue;
    line.remove_prefix(name.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return parse_number(line.substr(0, line.find(' ')));
  }
  return std::nullopt;
}

/// What a control group leaves; nothing if it has no limit.
std::optional<std::uint64_t> left_in(const std::string& group) {
  const auto number_in = [&](const char* file) {
    return parse_number(read_small_file(group + file).value_or(""));
  };
  const auto most = number_in("/memory.max");
  const auto used = number_in("/memory.current");
  if (!most || !used) return std::nullopt;
  // Pages of files that were not used of late make room.
  const std::uint64_t spare = figure_in(group + "/memory.stat", "inactive_file ").value_or(0);
  const std::uint64_t in_use = *used - std::min(*used, spare);
  return *most - std::min(*most, in_use);
}

}  // namespace

std::optional<std::uint64_t> available_memory(const std::string& proc, const std::string& cgroups) {
  const auto kilobytes = figure_in(proc + "/meminfo", "MemAvailable:");
  if (!kilobytes) return std::nullopt;
  std::uint64_t available = *kilobytes << 10U;
  for (const std::string& group : own_control_groups(proc, cgroups)) {
    if (const auto left = left_in(group)) available = std::min(available, *left);
  }
  return available;
}

}  // namespace buddy
