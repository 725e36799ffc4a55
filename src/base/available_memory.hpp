// How much memory can still be had.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace buddy {

/// Bytes that new processes can use without swapping: what the kernel says is available, or less
/// where the control group of this process, or one above it, leaves less. Nothing if the kernel
/// does not tell. \param proc and \param cgroups where /proc and the control groups are seen
std::optional<std::uint64_t> available_memory(const std::string& proc = "/proc",
                                              const std::string& cgroups = "/sys/fs/cgroup");

}  // namespace buddy
