#include "launch/job_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/host_name.hpp"
#include "support/scratch.hpp"

namespace buddy::launch {
namespace {

using Cpus = std::vector<int>;
const Cpus four = {0, 1, 2, 3};

std::string message_of(const JobOptions& options) {
  return plan_job(options, four).status().message();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(JobPlan, starts_a_rank_per_host_cpu_unless_told_otherwise) {
  EXPECT_EQ(plan_job({}, four).value().ranks, 4);
  EXPECT_EQ(plan_job({.engine_cpus = "3"}, four).value().ranks, 3);
  EXPECT_EQ(plan_job({.ranks = 64}, four).value().ranks, 64);
}

TEST(JobPlan, ranks_stay_off_the_engines_cpus) {
  EXPECT_EQ(plan_job({.engine_cpus = "1"}, four).value().host_cpus, (Cpus{0, 2, 3}));
  EXPECT_EQ(plan_job({.host_cpus = "2,0", .engine_cpus = "1"}, four).value().host_cpus,
            (Cpus{2, 0}));
  EXPECT_EQ(plan_job({.engine_cpus = "0"}, {0}).value().host_cpus, (Cpus{0}));
}

TEST(JobPlan, counts_cpus_that_ranks_can_keep_busy) {
  EXPECT_EQ(plan_job({.ranks = 2}, four).value().host_cpus_in_use(), 2);
  EXPECT_EQ(plan_job({.ranks = 8}, four).value().host_cpus_in_use(), 4);
}

TEST(JobPlan, counts_cpus_that_engines_can_keep_busy) {
  const auto cpus_in_use = [](const JobOptions& options) {
    return plan_job(options, four).value().engine_cpus_in_use();
  };
  constexpr Place engine = Place::engine;
  EXPECT_EQ(cpus_in_use({.ranks = 2}), 0);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .placement = engine, .workers = 2}), 2);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .nodes = 2, .placement = engine, .engine_cpus = "1"}), 1);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .nodes = 2, .placement = engine, .workers = 4}), 4);
}

TEST(JobPlan, shared_engines_run_on_any_of_the_ranks_cpus) {
  const auto plan = plan_job({.ranks = 2, .placement = Place::shared, .host_cpus = "1-2"}, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan.value().engine_cpus, (std::vector<int>{1, 2}));
  EXPECT_EQ(plan.value().engines(), 1);
  const auto command = engine_command(plan.value(), "buddy", "/d", 0, 9);
  EXPECT_NE(std::find(command.begin(), command.end(), "--any-cpu"), command.end());
  EXPECT_NE(std::find(command.begin(), command.end(), "1-2"), command.end());
}

TEST(JobPlan, shared_engines_leave_the_cpus_of_others_idle_in_a_comparison) {
  const auto plan = plan_job({.ranks = 2, .placement = Place::shared, .engine_cpus = "3"}, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan.value().host_cpus, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(plan.value().engine_cpus, (std::vector<int>{0, 1, 2}));
}

TEST(JobPlan, an_emulated_dpu_is_told_to_its_engines) {
  const auto plan = plan_job({.ranks = 2, .placement = Place::dpu, .dpu = "slowdown=3"}, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  ASSERT_TRUE(plan.value().dpu);
  EXPECT_EQ(plan.value().dpu->slowdown, 3);
  const auto command = engine_command(plan.value(), "buddy", "/d", 0, 9);
  EXPECT_NE(std::find(command.begin(), command.end(), "slowdown=3,latency_us=0"), command.end());
  EXPECT_EQ(plan_job({.placement = Place::dpu}, four).value().dpu->preset, "bluefield3");
  EXPECT_FALSE(plan_job({.placement = Place::engine, .dpu = "slowdown=3"}, four).value().dpu);
}

TEST(JobPlan, refuses_what_does_not_fit_a_placement) {
  EXPECT_TRUE(contains(
      message_of({.placement = Place::shared, .engine_cpus = "1", .placement_given = true}),
      "leave out --engine-cpus"));
  EXPECT_TRUE(contains(
      message_of({.placement = Place::engine, .dpu = "bluefield3", .placement_given = true}),
      "--dpu is for placement dpu"));
  EXPECT_TRUE(contains(message_of({.placement = Place::dpu, .dpu = "slowdown=0"}), "1 to 1000"));
  EXPECT_TRUE(contains(message_of({.dpu = "slowdown=0"}), "1 to 1000"));
}

TEST(JobPlan, refuses_impossible_jobs_and_says_what_is_possible) {
  EXPECT_TRUE(contains(message_of({.ranks = 65'537}), "1 to 65536"));
  EXPECT_TRUE(contains(message_of({.ranks = 0}), "0 ranks"));
  EXPECT_TRUE(contains(message_of({.ranks = -1}), "-1 ranks"));
  EXPECT_TRUE(contains(message_of({.ranks = 2, .nodes = 3}), "--nodes 1 to 2"));
  EXPECT_TRUE(contains(message_of({.ranks = 2, .nodes = 0}), "0 nodes"));
  EXPECT_TRUE(contains(message_of({.workers = 0}), "--workers"));
  EXPECT_TRUE(contains(message_of({.fabric = "tcp"}), "shm and ucx exist"));
  EXPECT_TRUE(contains(message_of({.host_cpus = "0,9"}), "--host-cpus names CPU 9"));
  EXPECT_TRUE(contains(message_of({.engine_cpus = "x"}), "--engine-cpus"));
}

TEST(JobPlan, environment_tells_ranks_where_they_are) {
  const auto plan = plan_job({.ranks = 4, .nodes = 2, .placement = Place::engine}, four);
  const Environment environment = job_environment(plan.value(), "/dev/shm/dir", "key");
  const auto has = [&](const char* name, const char* value) {
    return std::find(environment.begin(), environment.end(),
                     std::pair<std::string, std::string>(name, value)) != environment.end();
  };
  EXPECT_TRUE(has("BUDDY_PLACEMENT", "engine"));
  EXPECT_TRUE(has("BUDDY_FABRIC", "shm"));
  EXPECT_TRUE(has("BUDDY_NODES", "2"));
  EXPECT_TRUE(has("BUDDY_JOB_DIR", "/dev/shm/dir"));
  EXPECT_TRUE(has("BUDDY_JOB_KEY", "key"));
  EXPECT_TRUE(has("BUDDY_HOST_CPUS", "0-3"));
  // What the user's shell says of other engines is not true of this job.
  EXPECT_TRUE(has("BUDDY_ENGINE_ADDRESS", ""));
  EXPECT_FALSE(has("BUDDY_LINK", ""));
}

// Ranks know two placements; their results name the one that was typed.
TEST(JobPlan, environment_names_the_place_that_was_typed) {
  for (const Place place : all_places) {
    const auto plan = plan_job({.ranks = 4, .placement = place}, four);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const Environment environment = job_environment(plan.value(), "/dev/shm/dir", "key");
    EXPECT_EQ(std::count(environment.begin(), environment.end(),
                         std::pair<std::string, std::string>("BUDDY_PLACE", to_string(place))),
              1);
  }
}

TEST(JobPlan, the_peer_timeout_is_that_of_the_environment_unless_it_is_given) {
  const auto timeout_of = [](JobOptions options) {
    const auto plan = plan_job(options, {0, 1});
    EXPECT_TRUE(plan.ok()) << plan.status().message();
    return plan.ok() ? plan.value().peer_timeout_s : 0;
  };
  unsetenv("BUDDY_PEER_TIMEOUT");
  EXPECT_EQ(timeout_of({}), 10);
  setenv("BUDDY_PEER_TIMEOUT", "60", 1);
  EXPECT_EQ(timeout_of({}), 60);
  EXPECT_EQ(timeout_of({.peer_timeout_s = 5}), 5);
  setenv("BUDDY_PEER_TIMEOUT", "soon", 1);
  EXPECT_FALSE(plan_job({}, {0, 1}).ok());
  unsetenv("BUDDY_PEER_TIMEOUT");
}

TEST(JobPlan, engines_of_all_nodes_take_cpus_in_order) {
  const auto plan =
      plan_job(
          {.ranks = 4, .nodes = 2, .placement = Place::engine, .workers = 2, .engine_cpus = "0-3"},
          four)
          .value();
  EXPECT_EQ(plan.engines(), 2);
  const auto command = engine_command(plan, "buddy", "/d", 1, 9);
  EXPECT_EQ(command,
            (std::vector<std::string>{"buddy", "engine", "--listen", "unix:/d/engine-1.sock",
                                      "--workers", "2", "--ready-fd", "9", "--cpus", "2-3"}));
}

class HostPlan : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_ / name) << text;
    return scratch_ / name;
  }
  test::Scratch scratch_;
};

TEST_F(HostPlan, takes_ranks_from_the_slots_of_machines) {
  const auto plan = plan_job({.hosts = file("hosts", "a slots=2\nb slots=3")}, four).value();
  EXPECT_TRUE(plan.on_hosts());
  EXPECT_EQ(plan.ranks, 5);
  ASSERT_EQ(plan.hosts.size(), 2u);
  EXPECT_EQ(plan.hosts[1].first_rank, 2);
  EXPECT_EQ(plan.peer_timeout_s, 10);
  EXPECT_EQ(plan.host_cpus_in_use(), 5);
}

TEST_F(HostPlan, nodes_and_engines_are_those_of_each_machine) {
  const std::string hosts = file("hosts", "a slots=2\nb slots=3");
  const auto plan =
      plan_job({.nodes = 2, .placement = Place::engine, .workers = 2, .hosts = hosts}, four);
  EXPECT_EQ(plan.value().engines(), 2);
  EXPECT_EQ(plan.value().engine_cpus_in_use(), 8);
  EXPECT_TRUE(contains(message_of({.nodes = 3, .hosts = hosts}),
                       "cannot split 2 ranks of a machine into 3 nodes"));
}

TEST_F(HostPlan, leaves_the_check_of_cpus_to_the_machines) {
  const std::string hosts = file("hosts", "a slots=2");
  const auto plan = plan_job({.host_cpus = "70-71", .engine_cpus = "9", .hosts = hosts}, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan.value().host_cpus, (Cpus{70, 71}));
  EXPECT_TRUE(contains(message_of({.host_cpus = "x", .hosts = hosts}), "--host-cpus"));
  const Environment environment = job_environment(plan.value(), "/d", "key");
  for (const auto& [name, value] : environment) EXPECT_NE(name, "BUDDY_HOST_CPUS");
}

TEST_F(HostPlan, finds_the_engines_that_run_as_services) {
  const std::string hosts = file("hosts", "a slots=2\nb slots=3\nc");
  const std::string engines = file("engines", "b 10.0.0.2\na 10.0.0.1:80\nc 10.0.0.3");
  unsetenv("BUDDY_JOB_KEY");
  JobOptions options{.ranks = 5, .placement = Place::engine, .hosts = hosts, .engines = engines};
  EXPECT_TRUE(contains(message_of(options), "the engines' key is not known"));
  options.key_file = file("key", "0123456789abcdef0123456789abcdef\n");
  EXPECT_TRUE(contains(message_of(options), "other users can read"));
  std::filesystem::permissions(options.key_file, std::filesystem::perms::owner_read);
  const auto plan = plan_job(options, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  ASSERT_EQ(plan.value().services.size(), 2u);  // c has no ranks
  EXPECT_EQ(plan.value().services[0].uri(), "tcp:10.0.0.1:80");
  EXPECT_EQ(plan.value().engines(), 0);
  EXPECT_EQ(to_string(*plan.value().key), "0123456789abcdef0123456789abcdef");
  // By it the service tells this job from others.
  const auto id_of = [&] {
    for (const auto& [name, value] : job_environment(plan.value(), "/d", "key")) {
      if (name == "BUDDY_JOB_ID") return value;
    }
    return std::string();
  };
  EXPECT_EQ(id_of().size(), 32u);
  EXPECT_NE(id_of(), id_of());

  options.workers = 2;
  EXPECT_TRUE(contains(message_of(options), "--workers and --engine-cpus are for engines that"));
  options.workers = 1;
  options.nodes = 2;
  EXPECT_TRUE(contains(message_of(options), "a machine has one node"));
}

// What is wrong with a long file, or with a job of many machines, is said before anything runs.
TEST_F(HostPlan, of_many_machines) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "node" + std::to_string(i) + "\n";
  const std::string hosts = file("hosts", text);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(plan_job({.ranks = 65'536, .hosts = hosts}, four).value().hosts.size(), 65'536u);
  EXPECT_TRUE(contains(message_of({.ranks = 65'537, .hosts = hosts}),
                       "cannot start 65537 ranks (1 to 65536 are allowed)"));
  EXPECT_TRUE(contains(message_of({.hosts = hosts}), "cannot start 100000 ranks (1 to 65536"))
      << "one for each machine";
  const std::string twice = file("twice", text + "node99998\n");
  EXPECT_TRUE(contains(message_of({.ranks = 2, .hosts = twice}),
                       "twice:100001: node99998 is there twice (it is in line 99999, too)"));
  const std::string last = file("last", text + "node100000 slots=65537\n");
  EXPECT_TRUE(contains(message_of({.ranks = 2, .hosts = last}),
                       "last:100001: cannot take 'slots=65537' (slots are a whole number from 1 to "
                       "65536)"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(HostPlan, without_hosts_the_engine_is_this_machines) {
  setenv("BUDDY_JOB_KEY", "0123456789abcdef0123456789abcdef", 1);
  const std::string engines = file("engines", host_name() + " 10.0.0.1");
  const auto plan = plan_job({.placement = Place::engine, .engines = engines}, four);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan.value().services.size(), 1u);
  EXPECT_EQ(plan.value().host_cpus, four);
  const std::string other = file("other", "elsewhere 10.0.0.1");
  EXPECT_TRUE(contains(message_of({.placement = Place::engine, .engines = other}),
                       "has an engine for elsewhere"));
  unsetenv("BUDDY_JOB_KEY");
  EXPECT_TRUE(contains(message_of({.key_file = "/key"}), "--key-file is for engines that run"));
}

}  // namespace
}  // namespace buddy::launch
