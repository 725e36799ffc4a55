// The parts of the particle transport against what is known about them.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "transport/population.hpp"
#include "transport/problem.hpp"

namespace workloads::transport {
namespace {

TEST(TransportSlab, escape_probability_matches_the_integral) {
  // Over depth and direction: the chance to reach the side that a particle flies to.
  for (const double thickness : {0.1, 1.0, 2.0, 5.0}) {
    constexpr int steps = 2000;
    double sum = 0;
    for (int i = 0; i < steps; ++i) {
      const double depth = thickness * (i + 0.5) / steps;
      for (int k = 0; k < steps; ++k) sum += std::exp(-depth / ((k + 0.5) / steps));
    }
    EXPECT_NEAR(slab_escape_probability(thickness), sum / (double{steps} * steps), 2e-4);
  }
}

TEST(TransportSlab, everything_escapes_from_next_to_nothing) {
  EXPECT_NEAR(slab_escape_probability(1e-6), 1, 1e-4);
}

TEST(TransportSource, is_the_same_however_the_mesh_is_split) {
  Options options;
  options.particles = 12345;
  options.mesh = {5, 4, 3};
  const Problem problem = make_core(options);
  const auto ids_of = [&](int ranks, std::uint32_t block) {
    const Decomposition decomposition(problem.mesh, {.ranks = ranks, .block_cells = block});
    std::set<std::uint64_t> ids;
    for (int rank = 0; rank < ranks; ++rank) {
      std::vector<Particle> born;
      const std::uint64_t count = Source(problem, decomposition, rank).add_births(3, born);
      EXPECT_EQ(count, born.size());
      for (const Particle& particle : born) {
        EXPECT_EQ(decomposition.domain_of(particle.cell).owner, rank);
        EXPECT_TRUE(ids.insert(particle.id).second);
      }
    }
    return ids;
  };
  const auto ids = ids_of(1, 0);
  EXPECT_EQ(ids.size(), problem.source);
  EXPECT_EQ(ids_of(4, 0), ids);
  EXPECT_EQ(ids_of(3, 2), ids);
}

TEST(TransportSource, bears_particles_inside_their_cells_flying_anywhere) {
  const Problem problem = make_core({});
  const CellIndex cell{7, 0, 3};
  const Vector size = problem.mesh.cell_size();
  Vector mean{};
  double free_paths = 0;
  constexpr int births = 20000;
  for (std::uint64_t i = 0; i < births; ++i) {
    const Particle particle = give_birth(problem, 0, i, cell);
    double length = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      EXPECT_GT(particle.position[a], cell[a] * size[a]);
      EXPECT_LT(particle.position[a], (cell[a] + 1) * size[a]);
      length += particle.direction[a] * particle.direction[a];
      mean[a] += particle.direction[a] / births;
    }
    EXPECT_NEAR(length, 1, 1e-12);
    free_paths += particle.mean_free_paths / births;
  }
  const double sigma = 1 / std::sqrt(3.0 * births);
  for (std::size_t a = 0; a < 3; ++a) EXPECT_NEAR(mean[a], 0, 5 * sigma);
  EXPECT_NEAR(free_paths, 1, 5 / std::sqrt(double{births}));
}

TEST(TransportPopulation, keeps_the_weight_and_reaches_the_number) {
  const Problem problem = make_core({});
  for (const std::uint64_t wanted : {2000U, 20000U, 50000U}) {
    std::vector<Particle> particles;
    for (std::uint64_t i = 0; i < 10000; ++i) {
      particles.push_back(give_birth(problem, 0, i, {0, 0, 0}));
    }
    Tallies tallies(1);
    Events events;
    control_population({.wanted = wanted, .present = 10000, .cycle = 0}, particles, tallies,
                       events);
    EXPECT_EQ(10000 + events[Event::split], particles.size() + events[Event::rouletted]);
    EXPECT_NEAR(static_cast<double>(particles.size()), static_cast<double>(wanted), 500);
    double weight = 0;
    std::set<std::uint64_t> ids;
    for (const Particle& particle : particles) {
      weight += particle.weight;
      EXPECT_TRUE(ids.insert(particle.id).second);
    }
    EXPECT_NEAR(weight, 10000, 10000 * 500.0 / static_cast<double>(wanted));
  }
}

TEST(TransportCrossSections, of_an_absorber_are_what_was_asked_for) {
  const auto tables = CrossSections::pure_absorber({7, 100, 1}, 0.25);
  for (const double lethargy : {0.0, 0.3, 0.999}) {
    for (std::uint32_t material = 0; material < CrossSections::materials; ++material) {
      const Reactions reactions = tables.look_up(lethargy, material);
      EXPECT_NEAR(reactions.total, 0.25, 1e-12);
      EXPECT_EQ(reactions.scatter, 0);
      EXPECT_EQ(reactions.fission, 0);
    }
  }
}

TEST(TransportCrossSections, change_steadily_between_grid_points) {
  const CrossSections tables({3, 10, 1}, 1);
  EXPECT_EQ(tables.bytes(), 3 * 10 * 64U);
  for (int point = 1; point < 10; ++point) {
    const double at = point / 10.0;
    const Reactions below = tables.look_up(at - 1e-9, 2);
    const Reactions above = tables.look_up(at + 1e-9, 2);
    EXPECT_NEAR(below.total, above.total, 1e-6);
    EXPECT_NEAR(below.neutrons, above.neutrons, 1e-6);
    EXPECT_GT(above.total, above.scatter + above.fission);
  }
  EXPECT_NE(tables.look_up(0.1, 0).total, tables.look_up(0.2, 0).total);
  EXPECT_NE(tables.look_up(0.1, 0).total, tables.look_up(0.1, 1).total);
}

TEST(TransportProblem, lethargy_and_speed_rise_with_energy) {
  EXPECT_EQ(lethargy_of(lowest_energy), 0);
  EXPECT_LT(lethargy_of(highest_energy), 1);
  EXPECT_LT(lethargy_of(1.0), lethargy_of(1.1));
  EXPECT_NEAR(speed_of(1.0), 1.38e9, 1e7);  // a neutron of 1 MeV
}

}  // namespace
}  // namespace workloads::transport
