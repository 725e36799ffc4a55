// Follows particles through the cells of one rank, the hot loop of the workload.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "transport/problem.hpp"
#include "transport/tallies.hpp"

namespace workloads::transport {

/// Moves particles segment by segment: to the next facet, the next collision or the end of the
/// cycle, whichever is nearest. One that enters another rank's cells is given to Send.
/// Shapes: cells and tallies in the order of this rank's domains.
/// Threads: the rank's; track() may be called from within Send.
/// Source: analogue Monte Carlo as in Quicksilver (LLNL).
template <class Send>
class Tracker {
 public:
  /// \param send callable as send(int rank, const Particle&)
  Tracker(const Problem& problem, const Decomposition& decomposition, int rank, Send send)
      : problem_(problem),
        decomposition_(decomposition),
        rank_(rank),
        send_(send),
        cell_size_(problem.mesh.cell_size()),
        tallies_(static_cast<std::size_t>(decomposition.cells_of(rank))) {
    cells_.resize(tallies_.cells.size());
    for (const Domain& domain : decomposition.domains()) {
      if (domain.owner == rank) add_cells(domain);
    }
  }

  /// Follows \p particle, and all that its fissions set free, until each has ended, reached the end
  /// of the cycle, or left for another rank. \param particle holds another one afterwards
  /// \param events of the cycle
  void track(Particle& particle, Events& events) {
    follow(particle, events);
    while (!bank_.empty()) {
      particle = bank_.back();
      bank_.pop_back();
      follow(particle, events);
    }
  }

  const void* first_touched(const Particle& particle) const noexcept {
    return problem_.cross_sections.first_touched(particle.lethargy);
  }

  /// Particles that reached the end of the cycle here.
  std::vector<Particle>& census() noexcept { return census_; }
  Tallies& tallies() noexcept { return tallies_; }

 private:
  /// Where a particle is, and what follows from its direction.
  struct Place {
    const Domain* domain;
    std::size_t cell;
    Vector per_direction;  ///< reciprocals
  };
  struct Facet {
    double distance;
    std::size_t axis;
  };

  void add_cells(const Domain& domain);
  void follow(Particle& particle, Events& events);
  Facet nearest_facet(const Particle& particle, const Place& place) const noexcept;
  bool cross(Particle& particle, Place& place, std::size_t axis, Events& events);
  bool collide(Particle& particle, const Place& place, const Reactions& reactions, Events& events);
  void split(const Particle& particle, double neutrons, Events& events);
  bool turn_back(Particle& particle, std::size_t axis, Events& events);

  static void aim(const Particle& particle, Place& place) noexcept {
    for (std::size_t a = 0; a < 3; ++a) place.per_direction[a] = 1 / particle.direction[a];
  }
  void end_history(const Particle& particle) noexcept { tallies_.histories += mark_of(particle); }
  void deposit(std::size_t cell, double energy) noexcept {
    tallies_.cells[cell].deposit += fixed_point(energy);
  }

  const Problem& problem_;
  const Decomposition& decomposition_;
  int rank_;
  Send send_;
  Vector cell_size_;
  std::vector<CellData> cells_;
  Tallies tallies_;
  std::vector<Particle> census_;
  std::vector<Particle> bank_;  ///< set free by fissions, not yet followed
};

template <class Send>
void Tracker<Send>::add_cells(const Domain& domain) {
  CellIndex cell{};
  for (cell[2] = domain.first[2]; cell[2] < domain.end[2]; ++cell[2]) {
    for (cell[1] = domain.first[1]; cell[1] < domain.end[1]; ++cell[1]) {
      for (cell[0] = domain.first[0]; cell[0] < domain.end[0]; ++cell[0]) {
        cells_[static_cast<std::size_t>(domain.place(cell))] =
            cell_data(problem_, problem_.mesh.number(cell));
      }
    }
  }
}

template <class Send>
void Tracker<Send>::follow(Particle& particle, Events& events) {
  const Domain& domain = decomposition_.domain_of(particle.cell);
  Place place{&domain, static_cast<std::size_t>(domain.place(particle.cell)), {}};
  aim(particle, place);
  for (;;) {
    const CellData& cell = cells_[place.cell];
    const Reactions reactions = problem_.cross_sections.look_up(particle.lethargy, cell.material);
    const double per_cm = reactions.total * static_cast<double>(cell.density);
    const Facet facet = nearest_facet(particle, place);
    const double to_collision = particle.mean_free_paths / per_cm;
    const double to_census = particle.speed * particle.time_left;
    const double distance = std::min(facet.distance, std::min(to_collision, to_census));
    const double seconds = distance / particle.speed;

    for (std::size_t a = 0; a < 3; ++a) {
      particle.position[a] += distance * particle.direction[a];
    }
    particle.time_left -= seconds;
    particle.age += seconds;
    particle.mean_free_paths = std::max(0.0, particle.mean_free_paths - distance * per_cm);
    ++particle.segments;
    ++events[Event::segments];
    const std::uint64_t path = fixed_point(distance * particle.weight);
    tallies_.cells[place.cell].path += path;
    tallies_.spectrum[static_cast<std::size_t>(particle.lethargy * Tallies::groups)] += path;

    if (distance == facet.distance) {
      if (!cross(particle, place, facet.axis, events)) return;
    } else if (distance == to_collision) {
      if (!collide(particle, place, reactions, events)) return;
      aim(particle, place);
    } else {
      ++events[Event::census];
      census_.push_back(particle);
      return;
    }
  }
}

template <class Send>
typename Tracker<Send>::Facet Tracker<Send>::nearest_facet(const Particle& particle,
                                                           const Place& place) const noexcept {
  Vector distance{};
  for (std::size_t a = 0; a < 3; ++a) {
    const int ahead = particle.direction[a] > 0 ? 1 : 0;
    const double facet = (particle.cell[a] + ahead) * cell_size_[a];
    // Rounding may have put the particle a little beyond it.
    distance[a] = std::max(0.0, (facet - particle.position[a]) * place.per_direction[a]);
  }
  // Selections instead of branches: which facet is next cannot be predicted.
  Facet nearest{distance[0], 0};
  nearest.axis = distance[1] < nearest.distance ? 1 : nearest.axis;
  nearest.distance = std::min(nearest.distance, distance[1]);
  nearest.axis = distance[2] < nearest.distance ? 2 : nearest.axis;
  nearest.distance = std::min(nearest.distance, distance[2]);
  return nearest;
}

/// \return whether the particle goes on here
template <class Send>
bool Tracker<Send>::cross(Particle& particle, Place& place, std::size_t axis, Events& events) {
  const std::int32_t step = particle.direction[axis] > 0 ? 1 : -1;
  const std::int32_t next = particle.cell[axis] + step;
  const Domain& domain = *place.domain;
  particle.position[axis] = (particle.cell[axis] + (step > 0 ? 1 : 0)) * cell_size_[axis];
  if (next >= domain.first[axis] && next < domain.end[axis]) {
    particle.cell[axis] = next;
    place.cell = static_cast<std::size_t>(static_cast<std::int64_t>(place.cell) +
                                          step * std::int64_t{domain.stride[axis]});
    ++events[Event::crossed];
    return true;
  }
  if (next < 0 || next >= problem_.mesh.cells[axis]) {
    if (!turn_back(particle, axis, events)) return false;
    aim(particle, place);
    return true;
  }
  particle.cell[axis] = next;
  ++events[Event::crossed];
  const Domain& entered = decomposition_.domain_of(particle.cell);
  if (entered.owner != rank_) {
    send_(entered.owner, particle);
    return false;
  }
  place.domain = &entered;
  place.cell = static_cast<std::size_t>(entered.place(particle.cell));
  return true;
}

/// At the outside. \return false if it escaped
template <class Send>
bool Tracker<Send>::turn_back(Particle& particle, std::size_t axis, Events& events) {
  const double albedo = problem_.albedo[axis];
  if (albedo < 1 && (albedo <= 0 || uniform(particle.random) >= albedo)) {
    ++events[Event::escaped];
    end_history(particle);
    return false;
  }
  particle.direction[axis] = -particle.direction[axis];
  ++events[Event::reflected];
  return true;
}

/// \return whether the particle goes on
template <class Send>
bool Tracker<Send>::collide(Particle& particle, const Place& place, const Reactions& reactions,
                            Events& events) {
  ++particle.collisions;
  const double choice = uniform(particle.random) * reactions.total;
  if (choice < reactions.scatter) {
    const double before = particle.energy;
    // Elastic, isotropic, from nuclei that take up to half of the energy.
    particle.energy = std::max(lowest_energy, before * (0.5 + 0.5 * uniform(particle.random)));
    particle.lethargy = lethargy_of(particle.energy);
    particle.speed = speed_of(particle.energy);
    deposit(place.cell, particle.weight * (before - particle.energy));
    set_off(particle);
    ++events[Event::scattered];
    return true;
  }
  deposit(place.cell, particle.weight * particle.energy);
  if (choice < reactions.scatter + reactions.fission) {
    split(particle, reactions.neutrons, events);
    ++events[Event::fissioned];
  } else {
    ++events[Event::absorbed];
  }
  end_history(particle);
  return false;
}

template <class Send>
void Tracker<Send>::split(const Particle& particle, double neutrons, Events& events) {
  RandomStream random = particle.random;
  const auto count = static_cast<std::uint32_t>(neutrons + uniform(random));
  for (std::uint32_t k = 1; k <= count; ++k) {
    Particle child = particle;
    child.id = mix64(particle.id + k);
    child.random = RandomStream(mix64(child.id + particle.collisions));
    child.energy = 0.5 + 1.5 * uniform(child.random);
    child.lethargy = lethargy_of(child.energy);
    child.speed = speed_of(child.energy);
    child.age = 0;
    child.segments = 0;
    child.collisions = 0;
    ++child.generation;
    set_off(child);
    bank_.push_back(child);
  }
  events[Event::produced] += count;
}

}  // namespace workloads::transport
