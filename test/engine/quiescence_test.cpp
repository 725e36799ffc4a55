// Quiescence detection alone: any delays, any traffic, any routing, 1 to 17 agents.
#include "engine/quiescence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "support/seeds.hpp"

namespace buddy::engine {
namespace {

/// Agents with one rank each, wave messages and application messages on channels with random
/// delays. An agent contributes as Engine does: only while its rank is in the barrier and has
/// nothing to do.
class Model {
 public:
  Model(const wire::Routes& routes, std::uint64_t seed) : routes_(routes), random_(seed) {
    for (std::uint32_t a = 0; a < routes.agents(); ++a) nodes_.emplace_back(AgentId{a}, routes);
    channels_.resize(std::size_t{routes.agents()} * routes.agents());
  }

  /// Lets everybody send, then go to the barrier. \return false if it does not end
  bool run_barrier(std::uint32_t messages) {
    ++barrier_;
    budget_ = messages;
    for (Node& node : nodes_) node.at_barrier = false;
    for (std::uint64_t step = 0; step < 400'000; ++step) {
      if (released_ == nodes_.size()) {
        released_ = 0;
        return true;
      }
      this->step(random_.below(nodes_.size()));
      if (testing::Test::HasFailure()) return false;
    }
    return false;
  }

  std::uint64_t waves() const { return nodes_[0].waves.waves(); }
  std::size_t agents() const { return nodes_.size(); }

 private:
  struct Node {
    Node(AgentId self, const wire::Routes& routes) : waves(self, routes, state) {}
    QuiescenceState state;
    Quiescence waves;
    Totals totals;
    std::uint64_t entered = 0;
    std::uint64_t released = 0;
    bool at_barrier = false;
  };
  struct Packet {
    bool is_wave = false;
    wire::WaveMessage wave{};
  };

  std::deque<Packet>& channel(std::uint32_t from, std::uint32_t to) {
    return channels_[from * nodes_.size() + to];
  }

  void send_some(std::uint32_t self) {
    if (budget_ == 0) return;
    --budget_;
    ++nodes_[self].totals.sent;
    ++flying_;
    channel(self, random_.below(nodes_.size())).push_back({});
  }

  void step(std::uint32_t self) {
    Node& node = nodes_[self];
    switch (random_.below(4)) {
      case 0:  // the program goes on
        if (node.entered == barrier_) break;
        if (random_.one_in(3)) {
          ++node.entered;
        } else {
          send_some(self);
        }
        break;
      case 1:
      case 2: take(self, random_.below(nodes_.size())); break;
      default: poll(self);
    }
  }

  void take(std::uint32_t self, std::uint32_t from) {
    auto& in = channel(from, self);
    if (in.empty()) return;
    const Packet packet = in.front();
    in.pop_front();
    if (packet.is_wave) {
      EXPECT_TRUE(nodes_[self].waves.receive({from}, packet.wave));
      return;
    }
    --flying_;
    ++nodes_[self].totals.handled;
    while (random_.one_in(2) && budget_ != 0) send_some(self);  // handlers send
  }

  void poll(std::uint32_t self) {
    Node& node = nodes_[self];
    if (!node.waves.in_wave()) {
      if (node.entered != node.released + 1) return;
      node.waves.contribute(node.totals);
    }
    while (const auto send = node.waves.pending()) {
      if (random_.one_in(4)) return;  // the channel is full
      EXPECT_TRUE(are_neighbours({self}, send->to)) << self << " and " << send->to.value;
      channel(self, send->to.value).push_back({true, send->message});
      node.waves.sent();
    }
    bool quiescent = false;
    if (!node.waves.finished(quiescent) || !quiescent) return;
    if (released_ == 0) {
      EXPECT_EQ(flying_, 0u) << "released before all messages were handled";
      for (const Node& other : nodes_) EXPECT_EQ(other.entered, barrier_);
    }
    ++node.released;
    ++released_;
  }

  bool are_neighbours(AgentId a, AgentId b) const {
    const std::vector<AgentId> all = routes_.neighbours(a);
    return std::find(all.begin(), all.end(), b) != all.end();
  }

  wire::Routes routes_;
  test::Random random_;
  std::deque<Node> nodes_;  // whose states stay where they are
  std::vector<std::deque<Packet>> channels_;
  std::uint64_t barrier_ = 0;
  std::uint64_t flying_ = 0;
  std::uint64_t budget_ = 0;
  std::size_t released_ = 0;
};

wire::Routes random_routes(test::Random& random) {
  const std::uint32_t agents = random.between(1, 17);
  std::vector<std::uint32_t> node_of_agent;
  std::uint32_t node = 0;
  for (std::uint32_t a = 0; a < agents; ++a) {
    if (a != 0 && random.one_in(4)) ++node;
    node_of_agent.push_back(node);
  }
  const std::array all{Routing::direct, Routing::node, Routing::grid};
  return {all[random.below(all.size())], node_of_agent};
}

wire::Routes direct(std::uint32_t agents) {
  return {Routing::direct, std::vector<std::uint32_t>(agents, 0)};
}

TEST(Quiescence, never_early_and_always_ends) {
  test::for_each_seed(6000, [](std::uint64_t seed) {
    test::Random random(seed);
    Model model(random_routes(random), seed);
    for (std::uint32_t barrier = 0; barrier < 3; ++barrier) {
      ASSERT_TRUE(model.run_barrier(random.below(60))) << "does not end";
    }
  });
}

TEST(Quiescence, an_empty_barrier_takes_one_wave) {
  test::for_each_seed(500, [](std::uint64_t seed) {
    test::Random random(seed);
    Model model(random_routes(random), seed);
    ASSERT_TRUE(model.run_barrier(0));
    ASSERT_EQ(model.waves(), 1u);
    ASSERT_TRUE(model.run_barrier(30));
    for (int i = 0; i < 3; ++i) {
      const std::uint64_t before = model.waves();
      ASSERT_TRUE(model.run_barrier(0));
      ASSERT_EQ(model.waves(), before + 1);
    }
  });
}

// Messages that do not belong are refused, whatever they say.
TEST(Quiescence, refuses_messages_out_of_place) {
  for (std::uint32_t agents = 2; agents <= 17; ++agents) {
    QuiescenceState state;
    Quiescence waves({0}, direct(agents), state);
    EXPECT_FALSE(waves.receive({1}, {2, 1, 0, 0, 0})) << "two waves ahead";
    EXPECT_FALSE(waves.receive({1}, {~std::uint64_t{0}, 1, 0, 0, 0}));
    EXPECT_FALSE(waves.receive({1}, {0, 99, 0, 0, 0})) << "no such round";
    EXPECT_FALSE(waves.receive({agents}, {0, 1, 0, 0, 0})) << "no such agent";
    EXPECT_FALSE(waves.receive({0}, {0, 1, 0, 0, 0})) << "from itself";
  }
  QuiescenceState state;
  Quiescence waves({0}, direct(2), state);
  EXPECT_TRUE(waves.receive({1}, {0, 1, 0, 5, 5}));
  EXPECT_FALSE(waves.receive({1}, {0, 1, 0, 5, 5})) << "twice";
  EXPECT_TRUE(waves.receive({1}, {1, 1, 0, 5, 5}));
}

}  // namespace
}  // namespace buddy::engine
