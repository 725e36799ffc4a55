// What one job may take of an engine process, and what it takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

#include "base/status.hpp"
#include "transport/link_address.hpp"
#include "wire/job_map.hpp"

namespace buddy::engine {

struct JobLimits {
  std::uint32_t max_ranks = std::numeric_limits<std::uint32_t>::max();  ///< that it serves
  std::uint64_t max_memory_bytes = std::numeric_limits<std::uint64_t>::max();
};

/// Memory that an agent of an engine process takes for rings, windows, open blocks and counters.
/// \pre the map is consistent
std::uint64_t agent_memory_bytes(const wire::JobMap& map, AgentId agent);

/// What the link of a rank takes beyond what agent_memory_bytes() counts for it: windows over a
/// network are larger where the rank is far away.
std::uint64_t link_surplus_bytes(transport::LinkKind kind, const wire::JobMap& map,
                                 std::uint64_t round_trip_ns);

/// Keeps account of the agents of a job. Threads: the control thread.
class JobBudget {
 public:
  explicit JobBudget(const JobLimits& limits) : limits_(limits) {}

  /// A rank joins. The first of an agent takes that agent's memory, each its surplus.
  /// Errors: no_memory, invalid_argument (too many ranks); then nothing is taken.
  Status take(std::uint64_t session, AgentId agent, const wire::JobMap& map,
              std::uint64_t surplus_bytes = 0);
  /// It leaves, or could not join after all. The last one gives the memory back.
  void give_back(std::uint64_t session, AgentId agent);
  /// The same of a rank that was refused after all. \param surplus_bytes as they were taken
  void take_back(std::uint64_t session, AgentId agent, std::uint64_t surplus_bytes);

  std::uint64_t used_bytes() const noexcept { return used_bytes_; }

 private:
  struct Account {
    std::uint64_t bytes = 0;
    std::uint32_t ranks = 0;
  };
  JobLimits limits_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, Account> agents_;  ///< by session and agent
  std::uint64_t used_bytes_ = 0;
};

}  // namespace buddy::engine
