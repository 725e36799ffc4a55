#include "comm/bootstrap/terms.hpp"

#include <array>
#include <buddy/detail/handler_table.hpp>
#include <filesystem>
#include <system_error>

#include "arena/knobs.hpp"
#include "base/digest.hpp"
#include "base/host_name.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"

namespace buddy::comm {
namespace {

/// Of the names of all handlers in order.
std::uint64_t digest_handlers() {
  Digest digest;
  for (std::uint32_t id = 0; id < detail::handler_count(); ++id) {
    digest.add(detail::find_handler(id)->name);
  }
  return digest.value();
}

/// Ranks that would map each other's rings in different sizes.
Status unlike(const std::string& both, const wire::Knobs& first, const wire::Knobs& other) {
  const auto shown = [](const wire::Knobs& knobs) {
    const auto part = [](const char* name, std::uint32_t value) {
      return std::string(name) + "=" + (value == 0 ? "" : std::to_string(value));
    };
    return part(arena::block_variable, knobs.block_bytes) + " " +
           part(arena::ring_variable, knobs.ring_blocks) + " " +
           part(arena::hold_variable, knobs.hold_us);
  };
  return {ErrorCode::mismatch, both + " have different blocks, rings or times to hold (" +
                                   shown(first) + " and " + shown(other) +
                                   ") give all ranks the same environment"};
}

/// \return whether all ranks have the same number
bool all_equal(MPI_Comm comm, std::uint64_t number) {
  std::array<std::uint64_t, 2> least{number, ~number};
  MPI_Allreduce(MPI_IN_PLACE, least.data(), 2, MPI_UINT64_T, MPI_MIN, comm);
  return least[0] == ~least[1];
}

}  // namespace

std::uint64_t Terms::digest() const noexcept {
  Digest digest;
  digest.add(handlers_digest).add(handlers);
  for (const std::int32_t choice : {placement, fabric, routing}) {
    digest.add(static_cast<std::uint64_t>(choice));
  }
  for (const std::uint32_t knob : {knobs.block_bytes, knobs.ring_blocks, knobs.hold_us}) {
    digest.add(std::uint64_t{knob});
  }
  return digest.value();
}

Terms terms_of(const Settings& settings) {
  Terms terms;
  terms.handlers_digest = digest_handlers();
  terms.handlers = detail::handler_count();
  terms.placement = static_cast<std::int32_t>(settings.placement);
  terms.fabric = static_cast<std::int32_t>(settings.fabric);
  terms.routing = static_cast<std::int32_t>(settings.routing);
  terms.knobs = settings.knobs;
  std::error_code unknown;
  terms.program = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  terms.host = host_name();
  return terms;
}

Status compare(const Terms& first, std::uint32_t rank, const Terms& other) {
  const std::string both = "rank 0 (" + first.program + " on " + first.host + ") and rank " +
                           std::to_string(rank) + " (" + other.program + " on " + other.host + ")";
  if (other.handlers_digest != first.handlers_digest || other.handlers != first.handlers) {
    return {ErrorCode::mismatch,
            both + " have different handlers (" + std::to_string(first.handlers) + " and " +
                std::to_string(other.handlers) + ") start the same binary everywhere"};
  }
  if (other.placement != first.placement || other.fabric != first.fabric ||
      other.routing != first.routing) {
    return {ErrorCode::mismatch, both +
                                     " have different options (placement, fabric or routing) "
                                     "give all ranks the same environment"};
  }
  if (!(other.knobs == first.knobs)) return unlike(both, first.knobs, other.knobs);
  return {};
}

Status agree_on_terms(MPI_Comm comm, const Terms& mine) {
  const std::uint64_t digest = mine.digest();
  if (all_equal(comm, digest)) return {};
  int ranks = 0;
  int rank = 0;
  MPI_Comm_size(comm, &ranks);
  MPI_Comm_rank(comm, &rank);
  std::uint64_t of_first = digest;
  MPI_Bcast(&of_first, 1, MPI_UINT64_T, 0, comm);
  int other = digest == of_first ? ranks : rank;
  MPI_Allreduce(MPI_IN_PLACE, &other, 1, MPI_INT, MPI_MIN, comm);
  const Terms first_terms = broadcast(comm, mine, 0);
  return compare(first_terms, static_cast<std::uint32_t>(other), broadcast(comm, mine, other));
}

}  // namespace buddy::comm
