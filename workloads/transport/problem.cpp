#include "transport/problem.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace workloads::transport {
namespace {

constexpr double core_per_cm = 0.02;
constexpr double core_cycle_seconds = 1e-7;  // a fast particle crosses the box about once
constexpr double forever_seconds = 1e30;

CrossSections::Shape table_shape(const Options& options) {
  return {options.work, options.grid, options.seed};
}

}  // namespace

CellData cell_data(const Problem& problem, std::uint64_t number) {
  if (problem.uniform) return {1.0F, 0};
  const std::uint64_t word = mix64(stream_key(problem.seed, 3) + number);
  return {0.5F + static_cast<float>(word >> 40) * 0x1p-24F,
          static_cast<std::uint32_t>(word % CrossSections::materials)};
}

Problem make_core(const Options& options) {
  const double albedo = static_cast<double>(options.albedo_percent) / 100;
  return {.mesh = {options.mesh, {100, 100, 100}},
          .cross_sections = CrossSections(table_shape(options), core_per_cm),
          .albedo = {albedo, albedo, albedo},
          .source = std::max<std::uint64_t>(1, options.particles / 10),
          .wanted = options.particles,
          .cycles = options.cycles,
          .batch = options.batch,
          .seed = options.seed,
          .cycle_seconds = core_cycle_seconds,
          .uniform = false};
}

Problem make_slab(const Options& options) {
  return {
      .mesh = {options.mesh, {100, 100, 100}},
      .cross_sections = CrossSections::pure_absorber(table_shape(options), slab_thickness / 100),
      .albedo = {0, 1, 1},
      .source = options.particles,
      .wanted = 0,
      .cycles = options.cycles,
      .batch = options.batch,
      .seed = options.seed,
      .cycle_seconds = forever_seconds,
      .uniform = true};
}

double slab_escape_probability(double thickness) {
  // Exponential integrals E1, E2, E3 by their recurrence.
  const double e0 = std::exp(-thickness);
  const double e1 = -std::expint(-thickness);
  const double e2 = e0 - thickness * e1;
  const double e3 = (e0 - thickness * e2) / 2;
  return (1 - 2 * e3) / (2 * thickness);
}

double lethargy_of(double energy) {
  static const double range = std::log(highest_energy / lowest_energy);
  const double place = std::log(energy / lowest_energy) / range;
  return std::clamp(place, 0.0, 1 - 0x1p-20);
}

double speed_of(double energy) { return 1.3831e9 * std::sqrt(energy); }

void set_off(Particle& particle) {
  const double z = 2 * uniform(particle.random) - 1;
  const double angle = 2 * std::numbers::pi * uniform(particle.random);
  const double across = std::sqrt(1 - z * z);
  particle.direction = {across * std::cos(angle), across * std::sin(angle), z};
  particle.mean_free_paths = -std::log(uniform(particle.random));
}

Particle give_birth(const Problem& problem, std::uint64_t cycle, std::uint64_t index,
                    const CellIndex& cell) {
  Particle particle{};
  // Adding and mix64 are bijections: no two particles of a cycle have the same id.
  particle.id = mix64(stream_key(problem.seed, 16 + cycle) + index);
  particle.random = RandomStream(particle.id);
  particle.cell = cell;
  const Vector cell_size = problem.mesh.cell_size();
  for (std::size_t a = 0; a < 3; ++a) {
    particle.position[a] = (cell[a] + uniform(particle.random)) * cell_size[a];
  }
  particle.energy = 0.5 + 1.5 * uniform(particle.random);
  particle.lethargy = lethargy_of(particle.energy);
  particle.speed = speed_of(particle.energy);
  particle.weight = 1;
  set_off(particle);
  return particle;
}

}  // namespace workloads::transport
