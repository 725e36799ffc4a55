// How much of its CPUs a job had: what this process and others used.
#include "launch/job_load.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy::launch {
namespace {

void spin(std::uint64_t cpu_ns) {
  const std::uint64_t end = process_cpu_ns() + cpu_ns;
  while (process_cpu_ns() < end) cpu_relax();
}

/// Uses CPU time on one CPU, and sleeps until it is killed.
class Busy {
 public:
  Busy(int cpu, std::uint64_t cpu_ns) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      stay_on_cpu(cpu);
      spin(cpu_ns);
      if (write(ends[1], "", 1) != 1) _exit(1);
      for (;;) pause();
    }
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    close(ends[1]);
  }
  void end() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = -1;
};

TEST(JobLoad, others_are_those_that_this_process_did_not_wait_for) {
  const int cpu = allowed_cpus().front();
  const LoadMeter meter(std::vector<int>{cpu});
  Busy other(cpu, 300'000'000);
  const JobLoad meanwhile = meter.read();
  ASSERT_TRUE(meanwhile.others_cpu_seconds.has_value());
  EXPECT_GT(*meanwhile.others_cpu_seconds, 0.1);  // what may be chance is left out
  EXPECT_LT(meanwhile.own_cpu_seconds, 0.2);
  other.end();
  EXPECT_GT(meter.read().own_cpu_seconds, 0.29);
}

TEST(JobLoad, part_of_the_while_has_its_part_of_the_others_time) {
  JobLoad load{.seconds = 4, .others_cpu_seconds = 2};
  EXPECT_DOUBLE_EQ(*load.others_cpu_seconds_in(1), 0.5);
  EXPECT_DOUBLE_EQ(*load.others_cpu_seconds_in(9), 2);  // clocks differ
  load.others_cpu_seconds.reset();
  EXPECT_FALSE(load.others_cpu_seconds_in(1).has_value());
}

TEST(JobLoad, own_cpu_time_is_no_others) {
  const int cpu = allowed_cpus().front();
  const LoadMeter meter(std::vector<int>{cpu});
  spin(200'000'000);
  EXPECT_GE(meter.read().own_cpu_seconds, 0.19);
}

TEST(JobLoad, of_a_cpu_that_is_not_there_is_unknown) {
  EXPECT_FALSE(LoadMeter(std::vector<int>{1 << 20}).read().others_cpu_seconds.has_value());
}

}  // namespace
}  // namespace buddy::launch
