// How ranks find out who is where. docs/design/start_up.md
#pragma once

#include <sys/types.h>

#include <buddy/detail/mpi.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/job_key.hpp"
#include "base/status.hpp"
#include "comm/bootstrap/machine_group.hpp"
#include "comm/bootstrap/machine_place.hpp"
#include "comm/bootstrap/settings.hpp"
#include "comm/bootstrap/terms.hpp"
#include "wire/job_map.hpp"

namespace buddy::comm {

/// What one rank tells the others of its machine.
struct RankInfo {
  std::uint32_t rank = 0;
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

  template <class Archive>
  void serialize(Archive& archive) {
    archive(rank, machine, host, pid, pid_namespace, node_on_machine, engine_machine,
            link_is_delayed, link_latency_ns, workers, cpus, engine_cpus);
  }
};

/// This rank's, without what only its engine knows. \param rank in the communicator. Errors:
/// invalid_argument (more nodes than ranks).
Result<RankInfo> describe_rank(const Settings& settings, const MachinePlace& place,
                               std::uint32_t rank);

/// Equal for processes that see each other under the same numbers; 0 if unknown.
std::uint64_t pid_namespace();

/// The job as one rank sees it.
struct Job {
  RankInfo self;
  std::uint32_t handlers = 0;       ///< that all ranks have
  std::vector<RankInfo> machine;    ///< its ranks, ascending; until engines are connected
  wire::JobMap map;                 ///< where everybody is
  std::uint64_t session = 0;        ///< tells communicators apart
  JobKey key{};                     ///< of engines that ranks embed
  bool ranks_have_cores = false;    ///< no rank shares its cores: waiting ranks may spin
  bool engines_have_cores = false;  ///< the same for the engine of this rank
};

/// Errors: invalid_argument if there are more ranks than Buddy can serve. To be asked before
/// anything is exchanged.
Status check_ranks(std::size_t ranks);

/// Finds out with the others where everybody is. Collective over \p comm. Errors: the same on all
/// ranks: mismatch for different programs or options; invalid_argument.
/// \param group of \p comm
Result<Job> assemble_job(MPI_Comm comm, const MachineGroup& group, const Settings& settings,
                         RankInfo self);

/// Says on stderr, of the first communicator of a process and on its rank 0, if a routing that was
/// asked for is direct routing. \param self rank in it
void say_if_direct(const Settings& settings, const wire::JobMap& map, int self);

}  // namespace buddy::comm
