// What the command makes of what it is told; who tells it is made up here.
#include "launch/hosts/host_reports.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/read_file.hpp"
#include "support/scratch.hpp"

namespace buddy::launch {
namespace {

class Reports : public ::testing::Test {
 protected:
  static JobPlan two_machines() {
    JobPlan plan;
    plan.ranks = 3;
    plan.placement = Place::engine;
    plan.hosts = {{.name = "127.0.0.1", .first_rank = 0, .ranks = 2},
                  {.name = "192.0.2.1", .first_rank = 2, .ranks = 1}};
    return plan;
  }

  std::optional<report::Welcome> join(std::uint32_t rank, std::uint32_t index,
                                      std::uint32_t ranks) {
    return reports_.admit({.rank = rank, .local_index = index, .local_ranks = ranks});
  }
  void join_all() { ASSERT_TRUE(join(0, 0, 2) && join(1, 1, 2) && join(2, 0, 1)); }
  std::string failure() const {
    return reports_.failure() ? reports_.failure()->message : std::string();
  }
  bool fails_with(const std::string& part) const {
    return failure().find(part) != std::string::npos;
  }

  test::Scratch scratch_;
  HostReports reports_{two_machines(),
                       std::move(ReportListener::open({.key = JobKey{{1, 2}}, .ranks = 3}).value()),
                       "",
                       {.result = scratch_ / "result", .profiles = scratch_.path()}};
};

TEST_F(Reports, let_ranks_in_where_they_were_planned_once) {
  EXPECT_EQ(reports_.missing_host(), "127.0.0.1");
  const auto welcome = join(1, 1, 2);
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->host, "127.0.0.1");
  EXPECT_EQ(welcome->engines, 1u);
  EXPECT_EQ(welcome->wants_result, 1u);
  EXPECT_FALSE(join(1, 1, 2)) << "twice";
  EXPECT_FALSE(join(3, 0, 1)) << "no such rank";
  EXPECT_TRUE(failure().empty());
  EXPECT_TRUE(join(0, 0, 2));
  EXPECT_EQ(reports_.missing_host(), "192.0.2.1");
  EXPECT_FALSE(join(2, 2, 3)) << "all on one machine";
  EXPECT_TRUE(fails_with("the launcher has put rank 2 somewhere else than on 192.0.2.1"));
}

TEST_F(Reports, the_first_failure_counts) {
  join_all();
  reports_.heard(2, report::Failed{.pid = 77, .code = 0, .signal = 11});
  reports_.heard(0, report::Failed{.pid = 78, .code = 3, .signal = 0});
  EXPECT_TRUE(fails_with("rank 2 on 192.0.2.1, process 77, was killed by signal 11"));
  EXPECT_EQ(reports_.failure()->exit_code, 139);
  EXPECT_FALSE(reports_.failure()->final);
}

TEST_F(Reports, a_vanished_machine_is_the_cause_whoever_fails_before) {
  join_all();
  reports_.heard(0, report::Failed{.pid = 78, .code = 1, .signal = 0});
  reports_.lost(2, ReportStream::State::vanished);
  EXPECT_TRUE(fails_with("192.0.2.1 has vanished (it has not answered for 10 s)")) << failure();
  EXPECT_TRUE(reports_.failure()->final);
  EXPECT_TRUE(reports_.failure()->machine_vanished);
}

TEST_F(Reports, an_engine_that_gives_up_after_a_rank_failed_is_not_the_cause) {
  join_all();
  reports_.heard(1, report::Failed{.pid = 78, .code = 1, .signal = 0});
  reports_.heard(0, report::EngineFailed{.node = 0, .pid = 5, .code = 1, .signal = 0});
  EXPECT_TRUE(fails_with("the program failed (rank 1 on 127.0.0.1"));
}

TEST_F(Reports, a_killed_engine_is_named_with_its_machine) {
  join_all();
  reports_.heard(2, report::EngineFailed{.node = 0, .pid = 5, .code = 0, .signal = 9});
  EXPECT_TRUE(fails_with("the engine of node 0 of 192.0.2.1 failed (process 5 was killed by"));
}

TEST_F(Reports, a_lost_connection_is_a_failure_until_all_is_said) {
  join_all();
  reports_.heard(1, report::Ended{});
  reports_.lost(1, ReportStream::State::closed);
  EXPECT_TRUE(failure().empty());
  EXPECT_FALSE(reports_.all_gone());
  reports_.lost(0, ReportStream::State::closed);
  EXPECT_TRUE(fails_with("rank 0 on 127.0.0.1 is lost"));
  reports_.lost(2, ReportStream::State::closed);
  EXPECT_TRUE(reports_.all_gone());
}

TEST_F(Reports, files_come_back_and_only_where_they_are_wanted) {
  join_all();
  reports_.heard(0, report::File{report::File::result, "", "the result"});
  reports_.heard(1, report::File{report::File::profile, "rank-1", "a profile"});
  reports_.heard(1, report::File{report::File::profile, "../outside", "x"});
  reports_.heard(1, report::File{report::File::profile, ".", "x"});
  EXPECT_EQ(test::read_file(scratch_ / "result"), "the result");
  EXPECT_EQ(test::read_file(scratch_ / "rank-1"), "a profile");
  EXPECT_NE(access((scratch_ / "../outside").c_str(), F_OK), 0);
}

TEST_F(Reports, engines_and_cpus_of_all_machines_are_counted) {
  join_all();
  reports_.heard(0, report::Started{.host_cpus = 8, .engine_cpus = 0});
  reports_.heard(2, report::Started{.host_cpus = 1, .engine_cpus = 1});
  EXPECT_EQ(reports_.host_cpus_in_use(), 3);
  EXPECT_EQ(reports_.engine_cpus_in_use(), 2);
  reports_.heard(0, report::EngineEnded{.node = 0, .pid = 9, .user_us = 1'500'000});
  reports_.heard(2, report::EngineEnded{.node = 0, .pid = 9, .run_delay_ns = 500'000'000});
  ASSERT_EQ(reports_.engines().size(), 2u);
  EXPECT_EQ(reports_.engines()[0].user_seconds, 1.5);
  EXPECT_FALSE(reports_.engines()[0].run_delay_seconds);
  EXPECT_EQ(reports_.engines()[1].node, 1);
  EXPECT_EQ(reports_.engines()[1].run_delay_seconds, 0.5);
}

}  // namespace
}  // namespace buddy::launch
