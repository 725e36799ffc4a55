#include "common/run_delay.hpp"

#include <sys/resource.h>

#include <fstream>

#include "common/report.hpp"

namespace workloads {
namespace {

/// Of the calling thread since it began, ns.
std::optional<std::uint64_t> read_ns() {
  std::ifstream file("/proc/thread-self/schedstat");
  std::uint64_t cpu_ns = 0;
  std::uint64_t delay_ns = 0;
  if (!(file >> cpu_ns >> delay_ns)) return std::nullopt;
  return delay_ns;
}

double system_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_stime.tv_usec) * 1e-6;
}

}  // namespace

void RunDelay::begin() {
  begun_ns_ = read_ns();
  system_begun_ = system_seconds();
}

void RunDelay::end() {
  system_sum_ +=
      system_seconds() - system_begun_;  // first: reading /proc is the kernel's work, too
  const auto ended_ns = read_ns();
  if (begun_ns_ && ended_ns) {
    sum_ns_ += *ended_ns - *begun_ns_;
  } else {
    known_ = false;
  }
}

void RunDelay::add_to(RunResult& result, MPI_Comm comm) const {
  const std::uint64_t unknown = sum_over_ranks(std::uint64_t{known_ ? 0U : 1U}, comm);
  const std::uint64_t all_ns = sum_over_ranks(sum_ns_, comm);
  if (unknown == 0) result.host_run_delay_seconds = static_cast<double>(all_ns) * 1e-9;
  result.details["host_system_seconds"] = sum_over_ranks(system_sum_, comm);
}

}  // namespace workloads
