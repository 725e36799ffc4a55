// Workers on cores of several speeds.
#include "engine/worker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "support/bodies.hpp"

namespace buddy::engine {
namespace {

constexpr std::size_t body_bytes = 1024;

/// A rank that always has a block of messages for itself, and takes what it gets.
class BusyLink final : public transport::Channel {
 public:
  BusyLink() : body_(body_bytes, wire::Form::routed) {
    while (test::append(*body_, {.dest = 0, .handler = 1, .payload = std::vector<std::byte>(8)})) {
    }
    bytes_ = body_->finish();
  }
  wire::Push try_push(wire::FrameKind, std::uint64_t,
                      std::span<const std::byte>) noexcept override {
    return wire::Push::ok;
  }
  wire::Peek peek(wire::Frame& frame) noexcept override {
    frame.body = bytes_;
    frame.header = {static_cast<std::uint32_t>(bytes_.size()), wire::FrameKind::routed, 0,
                    body_->records()};
    return wire::Peek::ready;
  }
  void release() noexcept override {}
  bool drained() noexcept override { return true; }
  Status status() const override { return {}; }

 private:
  test::Block body_;
  std::span<const std::byte> bytes_;
};

/// Messages routed per second of the worker's CPU time.
double rate_on(double slowdown) {
  BusyLink link;
  wire::JobMap map;
  map.agent_of_rank = map.node_of_agent = map.machine_of_agent = {0};
  auto agent = std::move(
      EngineInstance::create({std::make_shared<const wire::JobMap>(map), {0}, {}, true}).value());
  EXPECT_TRUE(agent->connect({agent->address()}, link).ok());
  Worker worker({.cpus = {}, .slowdown = slowdown}, [] {});
  worker.add(agent.get(), false);
  const auto count = [&](Counter counter) {
    return static_cast<double>(agent->counters().get(counter));
  };
  // Time is accounted for every few polls, messages are counted in each: both are read just then.
  const auto wait_for_cpu_ns = [&](double ns) {
    while (count(Counter::cpu_ns) < ns) std::this_thread::yield();
    return std::pair(count(Counter::cpu_ns), count(Counter::records_routed));
  };
  const auto [start_ns, routed_before] = wait_for_cpu_ns(10e6);
  const auto [end_ns, routed] = wait_for_cpu_ns(start_ns + 25e6);
  return (routed - routed_before) / (end_ns - start_ns);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

TEST(Worker, routes_at_a_half_and_a_quarter_of_the_rate_on_a_core_so_much_slower) {
  // Rates of one core differ from moment to moment: each is compared with the one beside it. A
  // machine with other guests needs more of them until their median says something.
  constexpr std::size_t least_rounds = 15;
  constexpr std::size_t most_rounds = 120;
  std::vector<double> half;
  std::vector<double> quarter;
  const auto within = [](const std::vector<double>& rates, double wanted) {
    return std::abs(median(rates) / wanted - 1) <= 0.1;
  };
  while (half.size() < most_rounds &&
         !(half.size() >= least_rounds && within(half, 0.5) && within(quarter, 0.25))) {
    const double usual = rate_on(1);
    half.push_back(rate_on(2) / usual);
    quarter.push_back(rate_on(4) / usual);
  }
  EXPECT_NEAR(median(half), 0.5, 0.05) << half.size() << " rounds";
  EXPECT_NEAR(median(quarter), 0.25, 0.025) << quarter.size() << " rounds";
}

}  // namespace
}  // namespace buddy::engine
