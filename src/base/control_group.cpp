#include "base/control_group.hpp"

#include <algorithm>
#include <optional>
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

}  // namespace

std::vector<std::string> own_control_groups(const std::string& proc, const std::string& cgroups) {
  std::vector<std::string> folders;
  auto group = own_group(proc);
  while (group) {
    folders.push_back(cgroups + *group);
    if (group->size() <= 1) break;
    group->resize(std::max<std::size_t>(group->rfind('/'), 1));
  }
  return folders;
}

}  // namespace buddy
