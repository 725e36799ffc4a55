#include "common/kronecker.hpp"

#include <algorithm>

#include "common/random.hpp"

namespace workloads {
namespace {

/// Probability \p p as a threshold for 32 random bits.
constexpr std::uint32_t threshold(double p) { return static_cast<std::uint32_t>(p * 4294967296.0); }

constexpr std::uint32_t below_a = threshold(0.57);
constexpr std::uint32_t below_b = threshold(0.57 + 0.19);
constexpr std::uint32_t below_c = threshold(0.57 + 0.19 + 0.19);

}  // namespace

KroneckerSource::KroneckerSource(const GeneratedGraph& options, std::uint64_t begin,
                                 std::uint64_t end)
    : options_(options), mask_((std::uint64_t{1} << options.scale) - 1), next_(begin), end_(end) {
  header_ = {mask_ + 1, mask_ + 1, options.field};
  RandomStream keys(stream_key(options.seed, ~std::uint64_t{0}));
  for (std::uint64_t& key : scramble_keys_) key = keys.next();
}

std::size_t KroneckerSource::read(std::span<Nonzero> out) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end_ - next_));
  for (Nonzero& nonzero : out.first(count)) nonzero = edge(next_++);
  return count;
}

/// Chooses one quadrant of the adjacency matrix per level.
Nonzero KroneckerSource::edge(std::uint64_t number) const noexcept {
  RandomStream random(stream_key(options_.seed, number));
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  for (int level = 0; level < options_.scale; ++level) {
    const auto dice = static_cast<std::uint32_t>(random.next() >> 32);
    const bool down = dice >= below_b;                                 // c or d
    const bool right = (dice >= below_a && !down) || dice >= below_c;  // b or d
    row = row << 1 | static_cast<std::uint32_t>(down);
    column = column << 1 | static_cast<std::uint32_t>(right);
  }
  Nonzero edge{scramble(row), scramble(column), {}};
  if (options_.field != Field::pattern) edge.value.real(unit_interval(random.next()));
  if (options_.field == Field::complex) edge.value.imag(unit_interval(random.next()));
  return edge;
}

/// A bijection of the vertices: every step can be undone modulo 2^scale.
std::uint32_t KroneckerSource::scramble(std::uint32_t vertex) const noexcept {
  std::uint64_t label = vertex;
  const int half = (options_.scale + 1) / 2;
  for (const std::uint64_t key : scramble_keys_) {
    label = (label * (key | 1) + (key >> 32)) & mask_;
    label ^= label >> half;
  }
  return static_cast<std::uint32_t>(label);
}

}  // namespace workloads
