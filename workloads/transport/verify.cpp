#include "transport/verify.hpp"

#include <cmath>

namespace workloads::transport {

bool SlabCheck::passed() const noexcept { return std::abs(sigmas) <= most_sigmas; }

SlabCheck check_slab(const Answer& answer) {
  SlabCheck check;
  check.born = answer.total(Event::sourced);
  check.escaped = answer.total(Event::escaped);
  const auto born = static_cast<double>(check.born);
  const double chance = slab_escape_probability(slab_thickness);
  check.expected = born * chance;
  const double deviation = std::sqrt(born * chance * (1 - chance));
  const double off = static_cast<double>(check.escaped) - check.expected;
  check.sigmas = deviation > 0 ? off / deviation : 0;
  return check;
}

Verification verify(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition,
                    const Outcome& outcome) {
  Verification result;
  result.balanced = outcome.answer.balanced();
  result.delivered = outcome.sent == outcome.taken && outcome.sent <= outcome.result.messages;
  result.replayed = replay(comm, problem, decomposition).checksum() == outcome.answer.checksum();
  return result;
}

}  // namespace workloads::transport
