// What one launch consists of: checked options, and the command lines and variables made of them.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/dpu_emulation.hpp"
#include "base/job_key.hpp"
#include "base/status.hpp"
#include "launch/hosts/engine_table.hpp"
#include "launch/hosts/host_file.hpp"
#include "launch/place.hpp"
#include "launch/process/process.hpp"
#include "wire/knobs.hpp"

namespace buddy::launch {

/// Options of a launch as the user gave them.
struct JobOptions {
  std::optional<int> ranks{};  ///< one per host CPU if not given
  int nodes = 1;
  Place placement = Place::host;
  std::string dpu{};   ///< that dpu stands for, as --dpu has it; empty: default_dpu
  int workers = 1;     ///< of each engine
  std::string link{};  ///< rings or ucx, between ranks and engines; empty: by where an engine is
  std::string fabric = "shm";  ///< shm or ucx
  /// Which engines messages pass; if not given, as BUDDY_ROUTING says.
  std::optional<Routing> routing{};
  std::string host_cpus{};    ///< list of CPUs, empty: all that are not the engines'
  std::string engine_cpus{};  ///< list of CPUs, empty: anywhere
  std::string hosts{};        ///< file that names the machines, empty: this one
  /// After which a machine that does not answer has vanished; if not given, as BUDDY_PEER_TIMEOUT
  /// says.
  std::optional<int> peer_timeout_s{};
  std::string engines{};   ///< file that says which service is whose engine, or empty
  std::string key_file{};  ///< with the job's key, or empty
  /// Those that are not given are what the environment says, or Buddy's choice.
  std::optional<std::uint32_t> block_bytes{};
  std::optional<std::uint32_t> ring_blocks{};
  std::optional<std::uint32_t> hold_us{};
  bool placement_given = false;  ///< by the user, not by default
  bool only_placement = false;   ///< the one that runs, not one of several that are compared
};

/// A launch that can be carried out, apart from its program.
struct JobPlan {
  int ranks = 1;
  int nodes = 1;  ///< on each machine
  Place placement = Place::host;
  std::optional<DpuEmulation> dpu{};  ///< if that is the placement
  int workers = 1;
  std::string fabric{};
  Routing routing = Routing::automatic;  ///< as asked for
  std::string link{};
  std::vector<int> host_cpus{};    ///< empty on several machines: what each of them has
  std::vector<int> engine_cpus{};  ///< empty: engines run anywhere; with shared: the ranks'
  int allowed_cpus = 1;            ///< how many there are
  std::vector<HostShare> hosts{};  ///< empty: this machine alone
  int peer_timeout_s = 10;
  wire::Knobs knobs{};
  /// Engines that run as services: one for each machine, or one for this one. Empty: none do.
  std::vector<EngineEntry> services{};
  std::optional<JobKey> key{};  ///< the job's, if it is not made anew
  /// Words in front of the engines' command lines: a program that runs them, such as valgrind.
  std::vector<std::string> engine_prefix{};
  int patience = 1;  ///< how many times as long engines may take to start and to end

  bool on_hosts() const noexcept { return !hosts.empty(); }
  /// Engine processes that are started on each machine.
  int engines() const noexcept { return placement != Place::host && services.empty() ? nodes : 0; }
  /// CPUs that the ranks can keep busy. Of other machines' CPUs only those are known that the user
  /// has named: else one for each rank, and for each thread of an engine.
  int host_cpus_in_use() const noexcept;
  /// CPUs that the engines' threads can keep busy; 0 without engine processes.
  int engine_cpus_in_use() const noexcept;
};

/// Checks options against the CPUs that there are.
/// Errors: invalid_argument.
Result<JobPlan> plan_job(const JobOptions& options, const std::vector<int>& allowed_cpus);

/// Variables for the ranks and the engines (the job's directory and key among them).
Environment job_environment(const JobPlan& plan, const std::string& job_dir,
                            const std::string& job_key);
/// Command line of the engine of \p node of this machine, which writes a byte to \p ready_fd when
/// it listens. \param self path of this command
std::vector<std::string> engine_command(const JobPlan& plan, const std::string& self,
                                        const std::string& job_dir, int node, int ready_fd);

}  // namespace buddy::launch
