// Doing the measured work several times, where once is too short to be timed.
#pragma once

#include <buddy/comm.hpp>
#include <cstdint>
#include <optional>

#include "common/count.hpp"
#include "common/report.hpp"
#include "common/timed.hpp"

namespace workloads {

/// Adds --rounds to \p app; \p rounds must outlive the parsing.
inline Option add_rounds(CommandLine& app, std::uint64_t& rounds) {
  return add_count(app, {"--rounds", "times that the measured work is done", 1, 1 << 20}, rounds);
}

/// Collective: runs \p body \p rounds times as the part of the program that matters, after \p
/// prepare, which is not timed. \param seconds is set to the sum over the rounds of the slowest
/// rank's time \return what the last \p body returned; what the others did is gone before the next
template <class Prepare, class Body>
auto timed_rounds(buddy::Comm& comm, std::uint64_t rounds, double& seconds, Prepare prepare,
                  Body body) {
  std::optional<decltype(body())> answer;
  seconds = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    answer.reset();
    prepare();
    comm.control_barrier();
    double once = 0;
    answer.emplace(timed(comm, once, body));
    seconds += max_over_ranks(once, comm.mpi_comm());
  }
  return std::move(*answer);
}

}  // namespace workloads
