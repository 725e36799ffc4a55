#include "measure/dram/dram_perf.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

/// Bytes that a counter stands for, extrapolated to the time that it was not on.
std::optional<double> counted_bytes(int fd, double bytes_per_count) {
  std::array<std::uint64_t, 3> words{};  // count, enabled, running
  if (::read(fd, words.data(), sizeof words) != sizeof words) return std::nullopt;
  const double share =
      words[2] == 0 ? 0 : static_cast<double>(words[1]) / static_cast<double>(words[2]);
  return static_cast<double>(words[0]) * share * bytes_per_count;
}

}  // namespace

UniqueFd open_perf_counter(const PerfEvent& event, int cpu) {
  perf_event_attr wanted{};
  wanted.size = sizeof wanted;
  wanted.type = event.type;
  wanted.config = event.config.config;
  wanted.config1 = event.config.config1;
  wanted.config2 = event.config.config2;
  wanted.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return UniqueFd(
      static_cast<int>(syscall(SYS_perf_event_open, &wanted, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
}

PerfMeter::PerfMeter(PerfTree tree, OpenCounter open)
    : tree_(std::move(tree)), open_(std::move(open)) {}

std::string PerfMeter::what() const {
  const auto events = memory_events(tree_);
  if (!events.ok()) return "reads and writes of memory";
  return "reads and writes of memory by the whole machine (" + events.value().front().name +
         " and " + std::to_string(events.value().size() - 1) + " more events)";
}

Status PerfMeter::cannot_open(const PerfEvent& event, int error) const {
  std::string message = "cannot count " + event.name + " (" + std::strerror(error);
  if (error != EACCES && error != EPERM) {
    return {ErrorCode::system, message + ") choose another method"};
  }
  message += ", perf_event_paranoid is " + read_small_file(tree_.paranoid()).value_or("unknown");
  return {ErrorCode::system, message +
                                 ") run as root or with CAP_PERFMON, or allow it with "
                                 "`sysctl kernel.perf_event_paranoid=0`"};
}

Result<std::vector<PerfMeter::Counter>> PerfMeter::open_all(
    const std::vector<PerfEvent>& events) const {
  std::vector<Counter> counters;
  for (const PerfEvent& event : events) {
    for (const int cpu : event.cpus) {
      UniqueFd fd = open_(event, cpu);
      if (!fd) return cannot_open(event, errno);
      counters.push_back({std::move(fd), event.bytes_per_count, 0});
    }
  }
  return counters;
}

Status PerfMeter::available() {
  const auto events = memory_events(tree_);
  if (!events.ok()) return events.status();
  return open_all(events.value()).status();
}

Status PerfMeter::start() {
  const auto events = memory_events(tree_);
  if (!events.ok()) return events.status();
  auto counters = open_all(events.value());
  if (!counters.ok()) return counters.status();
  counters_ = std::move(counters.value());
  for (Counter& counter : counters_) {
    counter.start_bytes = counted_bytes(counter.fd.get(), counter.bytes_per_count).value_or(0);
  }
  return {};
}

Result<DramReading> PerfMeter::read() {
  double bytes = 0;
  for (const Counter& counter : counters_) {
    const auto now = counted_bytes(counter.fd.get(), counter.bytes_per_count);
    if (!now) {
      return Status(ErrorCode::system, std::string("cannot read a counter of memory traffic (") +
                                           std::strerror(errno) + ") choose another method");
    }
    bytes += *now - counter.start_bytes;
  }
  // An extrapolated count can fall a little.
  return DramReading{.total_bytes = bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0};
}

}  // namespace buddy::measure
