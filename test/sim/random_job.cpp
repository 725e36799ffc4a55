#include "sim/random_job.hpp"

namespace buddy::sim {
namespace {

/// A failure with all its text has to fit into everything, bytes.
constexpr std::size_t largest_control_frame = 1024;

}  // namespace

Shape random_forwarding_shape(test::Random& random) {
  const Routing routing = random.one_in(2) ? Routing::grid : Routing::node;
  const std::uint32_t nodes = random.between(2, 4);
  Shape shape;
  shape.embedded = random.one_in(2);
  shape.network = random.one_in(2);
  shape.map.routing = routing;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const std::uint32_t agents = random.between(1, 4);
    for (std::uint32_t a = 0; a < agents; ++a) {
      const std::uint32_t ranks = shape.embedded ? 1 : random.between(1, 2);
      shape.map.agent_of_rank.insert(shape.map.agent_of_rank.end(), ranks, shape.map.agents());
      shape.map.node_of_agent.push_back(node);
    }
  }
  return shape;
}

Shape random_shape(test::Random& random) {
  if (random.one_in(2)) return random_forwarding_shape(random);
  if (random.one_in(2)) {
    const std::uint32_t ranks = random.between(1, 6);
    return Shape::host(ranks, random.between(1, ranks), random.one_in(2));
  }
  return Shape::engine(random.between(1, 3), random.between(1, 3), random.between(1, 4),
                       random.one_in(2));
}

void make_small(JobOptions& options, test::Random& random) {
  options.block_bytes = 128 + 8 * random.below(64);
  options.plan.most_fixed_bytes = 100;
  options.plan.most_variable_bytes = static_cast<std::uint32_t>(options.block_bytes) - 32;
  const std::size_t frame = options.block_bytes + 16;
  options.ring_bytes = frame > 448 ? 2048 : 1024;
  options.network_bytes = largest_control_frame + random.below(3 * frame);
  options.plan.phases = 1 + random.below(4);
  options.plan.actions = 1 + random.below(12);
  options.plan.burst = 1 + random.below(40);
  options.plan.fan_out = random.below(4);
  options.plan.depth = random.below(4);
  options.plan.budget = 50 + random.below(1500);
  options.in_place = !random.one_in(4);
}

void make_large(JobOptions& options, test::Random& random) {
  make_small(options, random);
  options.largest_body_bytes = 8248;
  options.block_bytes = random.one_in(2) ? options.largest_body_bytes : 1024;
  options.plan.most_fixed_bytes = 20'000;
  options.plan.most_variable_bytes = random.one_in(2) ? 8192 : 100 * 1024;
  options.ring_bytes = 32 * 1024;
  options.network_bytes = 9'000 + random.below(30'000);
  options.plan.budget = 20 + random.below(200);
}

JobOptions random_job(std::uint64_t seed, test::Random& random) {
  JobOptions options;
  options.seed = seed;
  options.shape = random_shape(random);
  if (random.one_in(6)) {
    make_large(options, random);
  } else {
    make_small(options, random);
  }
  return options;
}

}  // namespace buddy::sim
