#include "tools/inspect/doctor.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>

#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

TEST(Doctor, more_ranks_need_more_shared_memory_and_no_rank_more_than_its_share) {
  constexpr std::uint64_t mebibyte = 1u << 20;
  EXPECT_LT(shm_needed_bytes(2), shm_needed_bytes(64));
  EXPECT_LE(shm_needed_bytes(2), 2 * 16 * mebibyte);
  EXPECT_LE(shm_needed_bytes(64), 64 * 64 * mebibyte);
}

TEST(Doctor, shared_memory_that_is_not_there_is_missing) {
  const buddy::testing::Sandbox sandbox;
  const Finding finding = check_shared_memory(sandbox.path("nowhere"));
  EXPECT_EQ(finding.health, Health::missing);
  EXPECT_NE(finding.text.find("No such file"), std::string::npos) << finding.text;
}

TEST(Doctor, launcher_that_is_not_there_is_missing) {
  const Finding finding =
      check_launcher({.path = "/no/such/mpirun", .flavour = "mpich", .self = "/no/such/buddy"});
  EXPECT_EQ(finding.health, Health::missing);
  EXPECT_NE(finding.text.find("/no/such/mpirun"), std::string::npos) << finding.text;
}

TEST(Doctor, finds_what_this_machine_offers) {
  EXPECT_EQ(check_network().health, Health::good);
  EXPECT_NE(check_cpus_and_caches().text.find("core"), std::string::npos);
  EXPECT_NE(check_kernel().text.find("Linux"), std::string::npos);
  for (const Finding& finding : {check_open_files(), check_huge_pages(), check_core_distance(),
                                 check_performance_counters(), check_stale_directories(2)}) {
    EXPECT_NE(finding.health, Health::missing) << finding.subject << ": " << finding.text;
    EXPECT_FALSE(finding.text.empty());
  }
}

TEST(Doctor, says_of_every_method_whether_it_measures_memory_traffic_here) {
  std::vector<std::string> subjects;
  for (const Finding& finding : check_memory_traffic(buddy::testing::buddy_command())) {
    subjects.push_back(finding.subject);
    EXPECT_NE(finding.health, Health::missing);  // Buddy runs without
    EXPECT_FALSE(finding.text.empty());
  }
  EXPECT_EQ(subjects, (std::vector<std::string>{"dram resctrl", "dram perf", "dram bfperf",
                                                "dram cachegrind"}));
}

TEST(Doctor, knows_which_distances_of_cores_are_normal) {
  EXPECT_EQ(judge_core_distance(120).health, Health::good);
  EXPECT_NE(judge_core_distance(120).text.find("normal"), std::string::npos);
  for (const auto& [distance_ns, said] :
       {std::pair(20.0, "hardware threads"), std::pair(540.0, "virtual machine"),
        std::pair(9000.0, "other work")}) {
    const Finding finding = judge_core_distance(distance_ns);
    EXPECT_EQ(finding.health, Health::note) << distance_ns;
    EXPECT_NE(finding.text.find(said), std::string::npos) << finding.text;
    EXPECT_NE(finding.text.find("`buddy "), std::string::npos) << finding.text;  // what helps
  }
}

// It may be there and not work: `bench` would refuse it, and so does the doctor.
TEST(Doctor, valgrind_that_does_not_work_is_not_ok) {
  const buddy::testing::Sandbox sandbox;
  sandbox.script("valgrind", "exit 1");
  const auto run =
      buddy::testing::run_command({buddy::testing::buddy_command(), "doctor"},
                                  {{"PATH", sandbox.path() + ":" + std::getenv("PATH")}});
  EXPECT_NE(run.out.find("note     dram cachegrind valgrind does not work here (callgrind"),
            std::string::npos)
      << run.out;
}

TEST(Doctor, command_says_that_buddy_can_run_here) {
  const auto run = buddy::testing::run_command({buddy::testing::buddy_command(), "doctor"});
  EXPECT_EQ(run.state.exit_code(), 0) << run.out << run.err;
  EXPECT_NE(run.out.find("Buddy can run on this machine."), std::string::npos) << run.out;
}

}  // namespace
}  // namespace buddy::tools
