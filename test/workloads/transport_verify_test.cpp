// The checks of the particle transport accept right answers and find wrong ones.
#include <gtest/gtest.h>

#include "transport/verify.hpp"
#include "workloads/mpi_alone.hpp"

namespace workloads::transport {
namespace {

class TransportVerify : public testing::MpiAlone {
 protected:
  static Options options() {
    Options options;
    options.particles = 2000;
    options.mesh = {4, 4, 4};
    options.cycles = 3;
    options.grid = 64;
    return options;
  }
  static bool correct(const Problem& problem, const Outcome& outcome) {
    const Decomposition decomposition(problem.mesh, {});
    return verify(MPI_COMM_SELF, problem, decomposition, outcome).correct();
  }
  static Outcome run(const Problem& problem) {
    return run_alltoallv(MPI_COMM_SELF, problem, Decomposition(problem.mesh, {}), 1);
  }
};

TEST_F(TransportVerify, accepts_a_right_answer) {
  const Problem problem = make_core(options());
  const Outcome outcome = run(problem);
  EXPECT_TRUE(correct(problem, outcome));
  EXPECT_TRUE(outcome.answer.balanced());
  for (const Event event : {Event::sourced, Event::split, Event::produced, Event::absorbed,
                            Event::fissioned, Event::escaped, Event::census, Event::segments,
                            Event::scattered, Event::crossed, Event::reflected}) {
    EXPECT_GT(outcome.answer.total(event), 0U) << static_cast<int>(event);
  }
}

TEST_F(TransportVerify, finds_every_wrong_count) {
  const Problem problem = make_core(options());
  const Outcome right = run(problem);
  for (std::size_t event = 0; event < static_cast<std::size_t>(Event::count); ++event) {
    Outcome wrong = right;
    ++wrong.answer.cycles[1][static_cast<Event>(event)];
    EXPECT_FALSE(correct(problem, wrong)) << event;
    const bool in_balance = event <= static_cast<std::size_t>(Event::census);
    EXPECT_EQ(wrong.answer.balanced(), !in_balance) << event;
  }
}

TEST_F(TransportVerify, finds_wrong_tallies) {
  const Problem problem = make_core(options());
  const Outcome right = run(problem);
  Outcome wrong = right;
  ++wrong.answer.spectrum[5];
  EXPECT_FALSE(wrong.answer.balanced());
  EXPECT_FALSE(correct(problem, wrong));
  for (std::uint64_t Answer::*figure :
       {&Answer::path, &Answer::deposit, &Answer::cell_mark, &Answer::histories}) {
    wrong = right;
    wrong.answer.*figure += 1;
    EXPECT_FALSE(correct(problem, wrong));
  }
}

TEST_F(TransportVerify, finds_particles_that_did_not_arrive) {
  const Problem problem = make_core(options());
  Outcome wrong = run(problem);
  wrong.sent = 10;
  wrong.result.messages = 10;
  wrong.taken = 9;
  EXPECT_FALSE(correct(problem, wrong));
}

TEST_F(TransportVerify, other_seeds_give_other_answers) {
  Options other = options();
  other.seed = 2;
  EXPECT_NE(run(make_core(options())).answer.checksum(), run(make_core(other)).answer.checksum());
}

// The deviations of many seeds are those of a binomial distribution, neither larger nor smaller.
TEST_F(TransportVerify, slabs_deviate_as_theory_says) {
  constexpr int seeds = 100;
  double squares = 0;
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Options slab = options();
    slab.seed = static_cast<std::uint64_t>(seed);
    slab.cycles = 1;
    const SlabCheck check = check_slab(run(make_slab(slab)).answer);
    EXPECT_EQ(check.born, slab.particles);
    EXPECT_TRUE(check.passed()) << "seed " << seed << ": " << check.sigmas;
    squares += check.sigmas * check.sigmas;
    sum += check.sigmas;
  }
  EXPECT_NEAR(squares / seeds, 1, 5 * std::sqrt(2.0 / seeds));
  EXPECT_NEAR(sum / seeds, 0, 5 / std::sqrt(double{seeds}));
}

TEST_F(TransportVerify, finds_a_slab_that_is_not_one) {
  Options slab = options();
  slab.particles = 100'000;
  slab.cycles = 1;
  Problem leaky = make_slab(slab);
  leaky.albedo[1] = 0.9;
  EXPECT_GT(check_slab(run(leaky).answer).sigmas, SlabCheck::most_sigmas);
  Problem thick = make_slab(slab);
  thick.mesh.size[0] = 110;
  EXPECT_LT(check_slab(run(thick).answer).sigmas, -SlabCheck::most_sigmas);
}

}  // namespace
}  // namespace workloads::transport
