// What all ranks must have alike, and what is said when they have not.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <cstdint>
#include <string>

#include "base/status.hpp"
#include "comm/bootstrap/settings.hpp"
#include "wire/knobs.hpp"

namespace buddy::comm {

/// A rank's side of it.
struct Terms {
  std::uint64_t handlers_digest = 0;
  std::uint32_t handlers = 0;
  std::int32_t placement = 0;
  std::int32_t fabric = 0;
  std::int32_t routing = 0;  ///< as asked for
  wire::Knobs knobs{};
  std::string program;  ///< for messages, as the next
  std::string host;

  /// Equal where the ranks can work together.
  std::uint64_t digest() const noexcept;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(handlers_digest, handlers, placement, fabric, routing, knobs, program, host);
  }
};

Terms terms_of(const Settings& settings);

/// \return ok, or in what rank 0 and another one differ; names both. Errors: mismatch
Status compare(const Terms& first, std::uint32_t rank, const Terms& other);

/// Whether all ranks have the same. Collective. Nobody is told more than a digest of all, and what
/// rank 0 and the first that differs have. Errors: those of compare(), the same on all ranks.
Status agree_on_terms(MPI_Comm comm, const Terms& mine);

}  // namespace buddy::comm
