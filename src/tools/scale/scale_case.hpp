// One simulated job: who is there, what is sent, and what the machines take for it.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstdint>
#include <string>

#include "tools/scale/scale_model.hpp"
#include "wire/job_map.hpp"

namespace buddy::tools {

/// Whom ranks send to.
enum class Traffic {
  histogram,  ///< every rank alike, at random
  skewed,     ///< half of the messages likewise, the other half to a tenth of the ranks
  neighbour,  ///< the six neighbours in a torus of three dimensions, at random
};
const char* to_string(Traffic traffic);

struct ScaleCase {
  std::uint32_t agents = 64;
  std::uint32_t ranks_per_agent = 1;  ///< one: it steps its engine itself
  std::uint32_t nodes = 64;           ///< agents spread evenly, in order
  Routing routing = Routing::direct;  ///< asked for; see map()
  Traffic traffic = Traffic::histogram;
  std::uint64_t messages = 10'000;  ///< of each rank
  std::uint32_t payload_bytes = 8;
  std::uint64_t seed = 1;
  wire::Knobs knobs{};
  ScaleModel model{};

  std::uint32_t ranks() const noexcept { return agents * ranks_per_agent; }
  /// Who is where, every node a machine, with the routing that comes of what was asked for.
  wire::JobMap map() const;
  /// "1024 agents, histogram, 10000 messages, grid".
  std::string name() const;
};

/// The ranks of a torus: those that differ by one in one of three dimensions.
std::uint32_t torus_side(std::uint32_t ranks);

/// Whom one rank sends to: a sequence that follows from the seed and the rank.
class Destinations {
 public:
  Destinations(const ScaleCase& job, std::uint32_t rank);
  std::uint32_t next() noexcept;

 private:
  std::uint64_t random() noexcept;
  std::uint32_t below(std::uint32_t bound) noexcept;

  Traffic traffic_;
  std::uint32_t rank_;
  std::uint32_t ranks_;
  std::uint32_t side_;
  std::uint64_t state_;
};

}  // namespace buddy::tools
