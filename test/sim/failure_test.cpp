// Jobs in which somebody dies or sends malformed input: an error for everybody, never a hang.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "sim/malformed.hpp"
#include "sim/random_job.hpp"

namespace buddy::sim {
namespace {

/// Every rank that lives has either ended its program before it could know, or with an error.
void expect_error_everywhere(Job& job, std::initializer_list<ErrorCode> codes) {
  ASSERT_EQ(job.verdict(), "");
  const std::uint32_t last = static_cast<std::uint32_t>(job.meeting().gathered.size()) - 1;
  const bool all_came = job.meeting().gathered[last] == job.ranks();
  for (std::uint32_t r = 0; r < job.ranks(); ++r) {
    if (job.is_dead(r)) continue;
    const auto& error = job.rank(r).error();
    ASSERT_TRUE(error || (all_came && job.completed(r))) << "rank " << r;
    if (!error) continue;
    ASSERT_NE(std::find(codes.begin(), codes.end(), error->code()), codes.end())
        << "rank " << r << ": " << error->what();
  }
}

struct Wire {
  AgentId from;
  AgentId to;
};

/// Two neighbours on different nodes: the first agent that has one, and the last of them. In a
/// grid an agent may have none.
Wire wire_between_nodes(const wire::JobMap& map) {
  const wire::Routes routes(map);
  for (AgentId from{0}; from.value < map.agents(); ++from.value) {
    const std::vector<AgentId> all = routes.neighbours(from);
    const auto far = std::find_if(all.rbegin(), all.rend(), [&](AgentId each) {
      return map.node_of(each) != map.node_of(from);
    });
    if (far != all.rend()) return {from, *far};
  }
  throw std::logic_error("a job of several nodes whose nodes are not connected");
}

/// A test that injects no faults proves nothing; one seed alone may be without.
void expect_injected(std::uint64_t faults, const char* what) {
  std::cout << faults << ' ' << what << std::endl;
  if (std::getenv("BUDDY_SIM_SEED") == nullptr && std::getenv("BUDDY_SIM_RUNS") == nullptr) {
    EXPECT_GT(faults, test::scaled_runs(100)) << what;
  }
}

// One rank is killed at a random moment.
TEST(SimFailure, a_dead_rank_is_an_error_everywhere) {
  std::uint64_t errors = 0;
  test::for_each_seed(3000, [&](std::uint64_t seed) {
    test::Random random(seed);
    const JobOptions options = random_job(seed, random);
    Job job(options);
    const std::uint32_t victim = random.below(job.ranks());
    const std::uint64_t when = 1 + random.below(random.one_in(2) ? 300 : 5000);
    job.run([&](std::uint64_t step) {
      if (step == when && !job.rank(victim).done()) job.kill_rank(victim);
    });
    expect_error_everywhere(job, {ErrorCode::peer_died});
    for (std::uint32_t r = 0; r < job.ranks(); ++r) {
      if (job.rank(r).error()) ++errors;
    }
  });
  expect_injected(errors, "ranks ended with an error");
}

TEST(SimFailure, a_dead_engine_is_an_error_everywhere) {
  std::uint64_t kills = 0;
  test::for_each_seed(2000, [&](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.shape = Shape::engine(random.between(1, 3), random.between(1, 3), random.between(1, 4),
                                  random.one_in(2));
    Job job(options);
    const std::uint32_t nodes = options.shape.map.node_of_agent.back() + 1;
    const std::uint32_t victim = random.below(nodes);
    const std::uint64_t when = 1 + random.below(random.one_in(2) ? 300 : 5000);
    bool killed = false;
    job.run([&](std::uint64_t step) {
      if (step == when) killed = job.kill_node(victim);
    });
    if (killed) {
      ++kills;
      expect_error_everywhere(job, {ErrorCode::peer_died});
    } else {
      ASSERT_EQ(job.verdict(), "");
    }
  });
  expect_injected(kills, "engines killed");
}

// A rank whose memory is overwritten sends its engine bytes that are no messages.
TEST(SimFailure, malformed_input_from_a_rank_is_counted_and_the_engine_lives_on) {
  std::uint64_t rejected = 0;
  test::for_each_seed(3000, [&](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.shape = Shape::engine(random.between(1, 3), random.between(1, 2), random.between(1, 4),
                                  random.one_in(2));
    Job job(options);
    const std::uint32_t offender = random.below(job.ranks());
    const std::uint32_t agent = options.shape.map.agent_of_rank[offender];
    const std::uint64_t when = 1 + random.below(random.one_in(2) ? 300 : 5000);
    bool pushed = false;
    std::string what;
    job.run([&](std::uint64_t step) {
      // Only whole frames can be malformed: wait until the rank is between two of them.
      if (step < when || pushed || job.rank(offender).done()) return;
      pushed = push_malformed(job, offender, random, what);
    });
    SCOPED_TRACE(what);
    if (!pushed) return;
    expect_error_everywhere(job, {ErrorCode::corrupt, ErrorCode::peer_died});
    if (job.completed(offender)) return;  // was leaving already
    ASSERT_EQ(job.rank(offender).error()->code(), ErrorCode::corrupt);
    ASSERT_EQ(job.agent(agent).count(Counter::rejected_frames), 1u);
    ASSERT_EQ(job.agent(agent).engine().status().code(), ErrorCode::corrupt);
    ASSERT_EQ(job.agent(agent).engine().poll(), 0u);
    ++rejected;
  });
  expect_injected(rejected, "frames of ranks rejected");
}

// A frame between two engines is damaged on its way.
TEST(SimFailure, malformed_input_from_the_network_is_counted_and_everybody_notified) {
  std::uint64_t rejected = 0;
  test::for_each_seed(3000, [&](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    const std::uint32_t nodes = random.between(2, 4);
    options.shape = random.one_in(2)
                        ? Shape::host(random.between(nodes, 6), nodes, true)
                        : Shape::engine(nodes, random.between(1, 2), random.between(1, 3), true);
    if (random.one_in(2)) options.shape = random_forwarding_shape(random);
    options.shape.network = true;
    Job job(options);
    const Wire damaged_wire = wire_between_nodes(options.shape.map);
    const std::uint32_t to = damaged_wire.to.value;
    const std::uint64_t when = 1 + random.below(random.one_in(2) ? 300 : 3000);
    bool damaged = false;
    std::string what;
    job.run([&](std::uint64_t step) {
      if (step != when) return;
      job.network().tamper_next(damaged_wire.from, damaged_wire.to,
                                [&](wire::FrameHeader& header, auto& body) {
                                  damaged = damage(header, body, random, what);
                                });
    });
    SCOPED_TRACE(what);
    if (!damaged) {
      ASSERT_EQ(job.verdict(), "");
      return;
    }
    expect_error_everywhere(job, {ErrorCode::corrupt, ErrorCode::peer_died});
    if (job.meeting().gathered.back() == job.ranks()) return;  // was only a goodbye
    ASSERT_EQ(job.agent(to).count(Counter::rejected_frames), 1u);
    ASSERT_EQ(job.agent(to).engine().status().code(), ErrorCode::corrupt);
    ++rejected;
  });
  expect_injected(rejected, "frames of the network rejected");
}

}  // namespace
}  // namespace buddy::sim
