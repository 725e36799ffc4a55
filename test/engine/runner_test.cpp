#include "engine/runner.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <memory>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "wire/control.hpp"

namespace buddy::engine {
namespace {

/// A rank that has so many barrier reports for its engine, and takes what it gets.
class Link final : public transport::Channel {
 public:
  wire::Push try_push(wire::FrameKind, std::uint64_t,
                      std::span<const std::byte>) noexcept override {
    return wire::Push::ok;
  }
  wire::Peek peek(wire::Frame& frame) noexcept override {
    if (reports == 0) return wire::Peek::empty;
    frame.body = wire::bytes_of(report_);
    frame.header = {static_cast<std::uint32_t>(frame.body.size()), wire::FrameKind::report, 0, 0};
    return wire::Peek::ready;
  }
  void release() noexcept override { --reports; }
  bool drained() noexcept override { return true; }
  void flush_wakeups() noexcept override { ++nudges; }
  Status status() const override { return {}; }

  int reports = 0;
  int nudges = 0;

 private:
  wire::BarrierReport report_{};
};

/// Two agents of one rank each, which know nothing of each other.
struct RunnerTest : testing::Test {
  void SetUp() override {
    for (std::size_t i = 0; i < 2; ++i) {
      wire::JobMap map;
      map.agent_of_rank = map.node_of_agent = map.machine_of_agent = {0};
      agents.push_back(std::move(
          EngineInstance::create({std::make_shared<const wire::JobMap>(map), {0}, {}, true})
              .value()));
      ASSERT_TRUE(agents[i]->connect({agents[i]->address()}, links[i]).ok());
    }
    runner.watch({agents[0].get(), agents[1].get()}, {});
    runner.sleep_at_most(1);
  }
  std::uint64_t count(std::size_t agent, Counter counter) const {
    return agents[agent]->counters().get(counter);
  }
  void rest_until_asleep_once() {
    for (int i = 0; i < 10 && count(0, Counter::sleeps) == 0; ++i) runner.rest();
  }

  Link links[2];  // NOLINT(modernize-avoid-c-arrays)
  std::vector<std::unique_ptr<EngineInstance>> agents;
  Runner runner{arena::WaitPolicy{0, 0, 0}};
};

TEST_F(RunnerTest, steps_and_nudges_for_all_agents) {
  links[0].reports = links[1].reports = 1;
  EXPECT_GT(runner.step(), 0u);
  EXPECT_EQ(links[0].reports + links[1].reports, 0);
  EXPECT_EQ(links[0].nudges + links[1].nudges, 0) << "who is busy need not wake anybody yet";
  runner.flush_wakeups();
  EXPECT_GT(links[0].nudges, 0);
  EXPECT_GT(links[1].nudges, 0);
}

TEST_F(RunnerTest, a_sleep_is_counted_and_a_time_to_look_after_neighbours) {
  (void)runner.health_is_due();
  rest_until_asleep_once();
  EXPECT_EQ(count(0, Counter::sleeps), 1u);
  EXPECT_EQ(count(1, Counter::sleeps), 1u);
  EXPECT_TRUE(runner.health_is_due());
  EXPECT_FALSE(runner.health_is_due());
}

TEST_F(RunnerTest, cpu_time_is_the_agents_if_the_thread_does_nothing_else) {
  rest_until_asleep_once();
  EXPECT_EQ(count(0, Counter::cpu_ns), 0u);
  runner.account_cpu_time();
  const std::uint64_t until = thread_cpu_ns() + 3'000'000;
  while (thread_cpu_ns() < until) runner.step();
  EXPECT_GT(count(0, Counter::cpu_ns), 0u) << "also while it never rests";
  runner.account();
  EXPECT_GE(count(0, Counter::cpu_ns) + count(1, Counter::cpu_ns), 3'000'000u);
}

/// Calls of rest() that do not sleep, before the first that does.
int rests_before_a_sleep() {
  Runner runner(arena::WaitPolicy{0, 0, 0});
  runner.watch({}, {});
  runner.sleep_at_most(1);
  (void)runner.health_is_due();
  int rests = 0;
  for (runner.rest(); !runner.health_is_due(); runner.rest()) ++rests;
  return rests;
}

// The look between the two steps to sleep may find it, and nobody would ring.
TEST(Runner, nobody_sleeps_while_something_is_under_way) {
  const int before = rests_before_a_sleep();
  Runner runner(arena::WaitPolicy{0, 0, 0});
  runner.watch({}, {});
  runner.sleep_at_most(600'000);
  bool under_way = false;
  runner.ask_for_arrivals([&under_way] { return under_way; });
  for (int i = 0; i < before; ++i) runner.rest();
  under_way = true;
  for (int i = 0; i < 100; ++i) runner.rest();  // would take ten minutes each
}

TEST(Runner, descriptors_end_a_sleep) {
  const UniqueFd event(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  Runner runner(arena::WaitPolicy{0, 0, 0});
  runner.watch({}, {event.get()});
  runner.sleep_at_most(600'000);
  (void)runner.health_is_due();
  bool slept = false;
  for (int i = 0; i < 10 && !slept; ++i) {
    runner.rest();
    slept = runner.health_is_due();
  }
  EXPECT_TRUE(slept);
}

}  // namespace
}  // namespace buddy::engine
