// The control group (version 2) of this process.
#pragma once

#include <string>
#include <vector>

namespace buddy {

/// Folders of the control group of this process and of those above it, itself first. Empty without
/// version 2 of control groups. \param proc and \param cgroups where /proc and the control groups
/// are seen
std::vector<std::string> own_control_groups(const std::string& proc = "/proc",
                                            const std::string& cgroups = "/sys/fs/cgroup");

}  // namespace buddy
