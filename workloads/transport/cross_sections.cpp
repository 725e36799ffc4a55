#include "transport/cross_sections.hpp"

#include "common/random.hpp"

namespace workloads::transport {
namespace {

double between(RandomStream& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random.next() >> 11) * 0x1p-53;
}

Reactions invent(RandomStream& random, double per_cm) {
  Reactions result{};
  result.scatter = per_cm * between(random, 0.4, 1.2);
  result.fission = per_cm * between(random, 0.03, 0.07);
  const double capture = per_cm * between(random, 0.05, 0.15);
  result.total = result.scatter + result.fission + capture;
  result.neutrons = between(random, 2.2, 2.8);
  return result;
}

Reactions difference(const Reactions& a, const Reactions& b) {
  return {a.total - b.total, a.scatter - b.scatter, a.fission - b.fission, a.neutrons - b.neutrons};
}

}  // namespace

CrossSections::CrossSections(const Shape& shape)
    : nuclides_(static_cast<std::size_t>(shape.nuclides)),
      grid_points_(static_cast<std::size_t>(shape.grid_points)),
      last_point_(static_cast<double>(shape.grid_points)),
      lines_(nuclides_ * grid_points_),
      fractions_(materials * nuclides_) {
  RandomStream random(stream_key(shape.seed, 1));
  for (std::size_t m = 0; m < materials; ++m) {
    double sum = 0;
    double* fraction = &fractions_[m * nuclides_];
    for (std::size_t n = 0; n < nuclides_; ++n) sum += fraction[n] = between(random, 0.5, 1.5);
    for (std::size_t n = 0; n < nuclides_; ++n) fraction[n] /= sum;
  }
}

CrossSections::CrossSections(const Shape& shape, double per_cm) : CrossSections(shape) {
  RandomStream random(stream_key(shape.seed, 2));
  for (std::size_t n = 0; n < nuclides_; ++n) {
    Reactions here = invent(random, per_cm);
    for (std::size_t point = 0; point < grid_points_; ++point) {
      const Reactions next = invent(random, per_cm);
      lines_[n * grid_points_ + point] = {here, difference(next, here)};
      here = next;
    }
  }
}

CrossSections CrossSections::pure_absorber(const Shape& shape, double per_cm) {
  CrossSections result(shape);
  for (TableLine& line : result.lines_) line = {{per_cm, 0, 0, 0}, {0, 0, 0, 0}};
  return result;
}

}  // namespace workloads::transport
