#include "common/flat_graph.hpp"

#include <algorithm>

#include "common/random.hpp"

namespace workloads {

FlatSource::FlatSource(const GeneratedGraph& options, std::uint64_t begin, std::uint64_t end)
    : options_(options), next_(begin), end_(end) {
  const std::uint64_t vertices = std::uint64_t{1} << options.scale;
  header_ = {vertices, vertices, options.field};
}

std::size_t FlatSource::read(std::span<Nonzero> out) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end_ - next_));
  for (Nonzero& edge : out.first(count)) {
    RandomStream random(stream_key(options_.seed, next_));
    edge.row = static_cast<std::uint32_t>(next_ / options_.edge_factor);
    edge.column = static_cast<std::uint32_t>(multiply_high(random.next(), header_.columns));
    edge.value = {};
    if (options_.field != Field::pattern) edge.value.real(unit_interval(random.next()));
    if (options_.field == Field::complex) edge.value.imag(unit_interval(random.next()));
    ++next_;
  }
  return count;
}

}  // namespace workloads
