// The process in which a service runs one job, so that what one job breaks no other feels.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/job_id.hpp"
#include "base/job_key.hpp"
#include "base/peer_timeout.hpp"
#include "base/unique_fd.hpp"
#include "engine/job_limits.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::tools {

/// What all jobs of a service get.
struct JobProcessOptions {
  int workers = 1;
  std::vector<int> cpus{};  ///< of the workers; empty: any
  std::string device{};     ///< of UCX; empty: UCX chooses
  /// What this program is run by where it is for another kind of processor; empty: by the kernel.
  std::vector<std::string> emulator{};
  JobKey key;
  engine::JobLimits limits{};
  int peer_timeout_s = default_peer_timeout_s;
};

/// Where a job's workers run.
struct JobCores {
  std::vector<int> cpus{};    ///< worker w on cpus[w % size]; empty: anywhere
  bool shares_cores = false;  ///< with other jobs
  friend bool operator==(const JobCores&, const JobCores&) = default;
};

/// Jobs side by side get CPUs one after another, as far as they go; who comes then shares.
/// \param slot 0 for the only job, 1 for a second one, ...
/// \param usable_cpus how many there are where cpus names none
JobCores cores_of_slot(const JobProcessOptions& options, std::size_t slot, std::size_t usable_cpus);

/// A `buddy engine` that takes its ranks from the service. It ends when the service closes its end
/// or dies. Threads: the service's, which must be the one that started it.
class JobProcess {
 public:
  /// \param slot see cores_of_slot(). Errors: system
  static Result<JobProcess> start(const JobId& id, std::size_t slot,
                                  const JobProcessOptions& options);

  const JobId& id() const noexcept { return id_; }
  std::size_t slot() const noexcept { return slot_; }
  pid_t pid() const noexcept { return pid_; }
  /// Readable when the process has something to say: ask is_over().
  int fd() const noexcept { return channel_.get(); }

  Status hand_over(transport::ControlSocket connection);
  /// True once all connections that were handed over have ended.
  bool is_over();
  /// Nothing more will be handed over: the process says goodbye and ends.
  void close() noexcept { channel_.reset(); }

 private:
  JobProcess(const JobId& id, std::size_t slot, pid_t pid, UniqueFd channel)
      : id_(id), slot_(slot), pid_(pid), channel_(std::move(channel)) {}

  JobId id_;
  std::size_t slot_;
  pid_t pid_;
  UniqueFd channel_;
  std::uint32_t given_ = 0;
};

/// What `buddy engine --listen` takes in the process of a job: this, and a descriptor's number.
inline constexpr const char* handover_scheme = "handover:";

}  // namespace buddy::tools
