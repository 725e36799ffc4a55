// What the CPUs of a machine have done since it started, whoever kept them busy.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace buddy {

/// Sums over CPUs, seconds; the kernel counts in steps of 10 ms.
struct CpuLoad {
  double busy_seconds = 0;    ///< busy with some process or thread; interrupts are not in it
  double stolen_seconds = 0;  ///< wanted, but given to other virtual machines
};

/// The figures of \p cpus in a file like /proc/stat; nothing unless each of them is in it.
/// \param ticks_per_second of its figures. Source: proc_stat(5).
std::optional<CpuLoad> parse_cpu_load(std::string_view stat, std::span<const int> cpus,
                                      double ticks_per_second);

/// The same of this machine, now.
std::optional<CpuLoad> read_cpu_load(std::span<const int> cpus);

}  // namespace buddy
