// What a limit on this process's control group took from it.
#pragma once

#include <optional>
#include <string>

namespace buddy {

/// Time so far in which processes of the control group of this process, and of those above it,
/// wanted a CPU but had used up their quota (cpu.max), summed over CPUs. Nothing without version 2
/// of control groups, or if the kernel does not tell. \param proc and \param cgroups where /proc
/// and the control groups are seen
std::optional<double> read_throttled_seconds(const std::string& proc = "/proc",
                                             const std::string& cgroups = "/sys/fs/cgroup");

}  // namespace buddy
