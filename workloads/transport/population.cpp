#include "transport/population.hpp"

namespace workloads::transport {

Source::Source(const Problem& problem, const Decomposition& decomposition, int rank)
    : problem_(problem) {
  for (const Domain& domain : decomposition.domains()) {
    if (domain.owner != rank) continue;
    CellIndex cell{};
    for (cell[2] = domain.first[2]; cell[2] < domain.end[2]; ++cell[2]) {
      for (cell[1] = domain.first[1]; cell[1] < domain.end[1]; ++cell[1]) {
        for (cell[0] = domain.first[0]; cell[0] < domain.end[0]; ++cell[0]) cells_.push_back(cell);
      }
    }
  }
}

std::uint64_t Source::add_births(std::uint64_t cycle, std::vector<Particle>& particles) const {
  const std::size_t before = particles.size();
  for (const CellIndex& cell : cells_) {
    const std::uint64_t number = problem_.mesh.number(cell);
    const std::uint64_t end = first_birth(problem_, number + 1);
    for (std::uint64_t index = first_birth(problem_, number); index < end; ++index) {
      particles.push_back(give_birth(problem_, cycle, index, cell));
    }
  }
  return particles.size() - before;
}

void control_population(const PopulationControl& control, std::vector<Particle>& particles,
                        Tallies& tallies, Events& events) {
  const double factor = static_cast<double>(control.wanted) / static_cast<double>(control.present);
  std::size_t kept = 0;
  std::vector<Particle> copies;
  for (std::size_t i = 0; i < particles.size(); ++i) {
    Particle& particle = particles[i];
    const auto count = static_cast<std::uint64_t>(factor + uniform(particle.random));
    if (count == 0) {
      ++events[Event::rouletted];
      tallies.histories += mark_of(particle);
      continue;
    }
    particle.weight /= factor;
    for (std::uint64_t k = 1; k < count; ++k) {
      Particle copy = particle;
      copy.id = mix64(stream_key(particle.id, control.cycle) + k);
      copy.random = RandomStream(copy.id);
      copies.push_back(copy);
    }
    events[Event::split] += count - 1;
    particles[kept++] = particle;
  }
  particles.resize(kept);
  particles.insert(particles.end(), copies.begin(), copies.end());
}

}  // namespace workloads::transport
