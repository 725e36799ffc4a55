#include "base/cpu_load.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/small_files.hpp"

namespace buddy {
namespace {

/// Columns of a CPU's line behind its name.
enum Column : std::size_t { user, nice, system, idle, io_wait, irq, soft_irq, steal, columns };

std::string_view line_of(std::string_view stat, int cpu) {
  const std::string name = "cpu" + std::to_string(cpu) + " ";
  for (const std::string_view line : split(stat, '\n')) {
    if (line.starts_with(name)) return line;
  }
  return {};
}

std::optional<CpuLoad> load_of(std::string_view line, double ticks_per_second) {
  const auto words = split(line, ' ');
  if (words.size() < 1 + columns) return std::nullopt;
  std::array<double, columns> seconds{};
  for (std::size_t i = 0; i < columns; ++i) {
    const auto ticks = parse_number(words[i + 1]);
    if (!ticks) return std::nullopt;
    seconds[i] = static_cast<double>(*ticks) / ticks_per_second;
  }
  return CpuLoad{.busy_seconds = seconds[user] + seconds[nice] + seconds[system],
                 .stolen_seconds = seconds[steal]};
}

}  // namespace

std::optional<CpuLoad> parse_cpu_load(std::string_view stat, std::span<const int> cpus,
                                      double ticks_per_second) {
  CpuLoad sum;
  for (const int cpu : cpus) {
    const auto one = load_of(line_of(stat, cpu), ticks_per_second);
    if (!one) return std::nullopt;
    sum.busy_seconds += one->busy_seconds;
    sum.stolen_seconds += one->stolen_seconds;
  }
  return sum;
}

std::optional<CpuLoad> read_cpu_load(std::span<const int> cpus) {
  const auto stat = read_small_file("/proc/stat");
  if (!stat) return std::nullopt;
  return parse_cpu_load(*stat, cpus, static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace buddy
