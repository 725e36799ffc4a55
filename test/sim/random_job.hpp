// Jobs of all kinds, drawn from a seed.
#pragma once

#include "sim/job.hpp"

namespace buddy::sim {

/// Half of them small and with one hop, the others with any routing.
Shape random_shape(test::Random& random);
/// Agents that forward for each other, on nodes of different sizes.
Shape random_forwarding_shape(test::Random& random);

/// Blocks and rings so small that they are full most of the time.
void make_small(JobOptions& options, test::Random& random);
/// Messages of up to several blocks.
void make_large(JobOptions& options, test::Random& random);

/// A job with small or, seldom, large messages.
JobOptions random_job(std::uint64_t seed, test::Random& random);

}  // namespace buddy::sim
