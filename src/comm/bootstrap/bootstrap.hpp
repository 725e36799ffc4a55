// How ranks find out who is where.
#pragma once

#include <sys/types.h>

#include <array>
#include <buddy/detail/mpi.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "comm/bootstrap/machine_place.hpp"
#include "comm/bootstrap/settings.hpp"
#include "wire/job_map.hpp"

namespace buddy::comm {

/// What one rank tells all others.
struct RankInfo {
  std::string machine;  ///< the same for processes that share /dev/shm
  std::string host;
  std::int32_t pid = 0;
  std::uint64_t pid_namespace = 0;  ///< in which the number means this process
  std::int32_t node_on_machine = 0;
  std::string engine_machine;             ///< where its engine runs; empty: the same as the rank
  bool link_is_delayed = false;           ///< its engine is on an emulated DPU
  std::uint64_t link_latency_ns = 0;      ///< to that, one way
  std::uint32_t workers = 0;              ///< of its engine; 0 in host placement
  std::vector<std::int32_t> cpus;         ///< it may run on
  std::vector<std::int32_t> engine_cpus;  ///< its engine's workers may
  std::uint64_t handlers_digest = 0;
  std::uint32_t handlers = 0;
  std::string program;
  std::int32_t placement = 0;
  std::int32_t fabric = 0;
  std::int32_t routing = 0;  ///< as asked for
  wire::Knobs knobs{};
  std::uint64_t session = 0;           ///< rank 0's counts
  std::array<std::uint64_t, 2> key{};  ///< rank 0's counts, in host placement

  template <class Archive>
  void serialize(Archive& archive) {
    archive(machine, host, pid, pid_namespace, node_on_machine, engine_machine, link_is_delayed,
            link_latency_ns, workers, cpus, engine_cpus, handlers_digest, handlers, program,
            placement, fabric, routing, knobs, session, key);
  }
};

/// This rank's, without what only its engine knows. Errors: invalid_argument (more nodes than
/// ranks).
Result<RankInfo> describe_rank(const Settings& settings, const MachinePlace& place);

/// Equal for processes that see each other under the same numbers; 0 if unknown.
std::uint64_t pid_namespace();

/// The job as one rank sees it: where everybody is, and what they have said of themselves.
struct Job {
  std::vector<RankInfo> ranks;
  wire::JobMap map;
  bool ranks_have_cores = false;    ///< no rank shares its cores: waiting ranks may spin
  bool engines_have_cores = false;  ///< the same for the engine of this rank
};

/// Puts the ranks' descriptions together. Errors: mismatch for different programs or options;
/// names both sides.
Result<Job> assemble_job(std::vector<RankInfo> ranks, const Settings& settings, std::size_t self);

}  // namespace buddy::comm
