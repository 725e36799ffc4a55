// Time in which threads were ready to run while their CPUs ran others.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace buddy {

/// The second figure of a file like /proc/PID/schedstat, ns; nothing if it is no such file.
/// Time asleep is not in it. Source: Documentation/scheduler/sched-stats.rst in Linux.
std::optional<std::uint64_t> parse_run_delay(std::string_view schedstat);

/// Of the calling thread since it began; nothing where the kernel does not count it.
/// Cost: some system calls.
std::optional<std::uint64_t> thread_run_delay_ns();

/// Of all threads of process \p pid that are there now; nothing if there is none, or the kernel
/// does not count it.
std::optional<std::uint64_t> process_run_delay_ns(pid_t pid);

}  // namespace buddy
