#include "common/run_delay.hpp"

#include <sys/resource.h>

#include <cstdint>
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

struct State {
  std::optional<std::uint64_t> begun_ns;
  std::uint64_t sum_ns = 0;
  bool known = true;
  double system_begun = 0;
  double system_sum = 0;
};
State state;

}  // namespace

void RunDelay::begin() {
  state.begun_ns = read_ns();
  state.system_begun = system_seconds();
}

void RunDelay::end() {
  const auto ended_ns = read_ns();
  state.system_sum += system_seconds() - state.system_begun;
  if (state.begun_ns && ended_ns) {
    state.sum_ns += *ended_ns - *state.begun_ns;
  } else {
    state.known = false;
  }
}

std::optional<double> RunDelay::sum_over_ranks(MPI_Comm comm) {
  const std::uint64_t unknown =
      workloads::sum_over_ranks(std::uint64_t{state.known ? 0U : 1U}, comm);
  const std::uint64_t sum_ns = workloads::sum_over_ranks(state.sum_ns, comm);
  return unknown == 0 ? std::optional(static_cast<double>(sum_ns) * 1e-9) : std::nullopt;
}

double RunDelay::system_seconds_over_ranks(MPI_Comm comm) {
  return workloads::sum_over_ranks(state.system_sum, comm);
}

}  // namespace workloads
