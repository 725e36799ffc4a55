// What the kernel did for a measurement is that of its own rounds.
#include "common/run_delay.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "common/rounds.hpp"
#include "workloads/mpi_alone.hpp"

namespace workloads {
namespace {

/// Enough to be told from what else the kernel does for this process.
constexpr double much_seconds = 0.2;

double system_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_stime.tv_usec) * 1e-6;
}

/// Lets the kernel work for much_seconds.
void keep_the_kernel_busy() {
  std::vector<char> bytes(1 << 20);
  const int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(zeros, 0);
  const double end = system_seconds() + much_seconds;
  while (system_seconds() < end) ASSERT_GT(read(zeros, bytes.data(), bytes.size()), 0);
  close(zeros);
}

void nothing() {}

double kernel_seconds(const RunResult& result) {
  return result.details.object().at("host_system_seconds").get<double>();
}

using RunDelayOfRounds = testing::MpiAlone;

TEST_F(RunDelayOfRounds, has_the_rounds_in_it_and_not_what_prepares_them) {
  const RunResult busy = timed_rounds(MPI_COMM_SELF, 1, nothing, keep_the_kernel_busy);
  EXPECT_GE(kernel_seconds(busy), 0.9 * much_seconds);
  const RunResult prepared = timed_rounds(MPI_COMM_SELF, 1, keep_the_kernel_busy, nothing);
  EXPECT_LT(kernel_seconds(prepared), 0.5 * much_seconds);
}

// As when a workload checks itself on a second problem.
TEST_F(RunDelayOfRounds, another_measurement_is_not_in_it) {
  const RunResult first = timed_rounds(MPI_COMM_SELF, 1, nothing, nothing);
  const RunResult second = timed_rounds(MPI_COMM_SELF, 1, nothing, keep_the_kernel_busy);
  const RunResult third = timed_rounds(MPI_COMM_SELF, 1, nothing, nothing);
  EXPECT_LT(kernel_seconds(first), 0.5 * much_seconds);
  EXPECT_GE(kernel_seconds(second), 0.9 * much_seconds);
  EXPECT_LT(kernel_seconds(third), 0.5 * much_seconds);
}

}  // namespace
}  // namespace workloads
