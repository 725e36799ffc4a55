// The process in which a service runs one job, so that what one job breaks no other feels.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/job_id.hpp"
#include "base/job_key.hpp"
#include "base/unique_fd.hpp"
#include "engine/job_limits.hpp"
#include "transport/control/control_socket.hpp"
#include "transport/control/tcp_socket.hpp"

namespace buddy::tools {

/// What all jobs of a service get.
struct JobProcessOptions {
  int workers = 1;
  std::string cpus{};    ///< of the workers; empty: any
  std::string device{};  ///< of UCX; empty: UCX chooses
  /// What this program is run by where it is for another kind of processor; empty: by the kernel.
  std::vector<std::string> emulator{};
  JobKey key;
  engine::JobLimits limits{};
  int peer_timeout_s = transport::default_peer_timeout_s;
};

/// A `buddy engine` that takes its ranks from the service. It ends when the service closes its end
/// or dies. Threads: the service's, which must be the one that started it.
class JobProcess {
 public:
  /// Errors: system
  static Result<JobProcess> start(const JobId& id, const JobProcessOptions& options);

  const JobId& id() const noexcept { return id_; }
  pid_t pid() const noexcept { return pid_; }
  /// Readable when the process has something to say: ask is_over().
  int fd() const noexcept { return channel_.get(); }

  Status hand_over(transport::ControlSocket connection);
  /// True once all connections that were handed over have ended.
  bool is_over();
  /// Nothing more will be handed over: the process says goodbye and ends.
  void close() noexcept { channel_.reset(); }

 private:
  JobProcess(const JobId& id, pid_t pid, UniqueFd channel)
      : id_(id), pid_(pid), channel_(std::move(channel)) {}

  JobId id_;
  pid_t pid_;
  UniqueFd channel_;
  std::uint32_t given_ = 0;
};

/// What `buddy engine --listen` takes in the process of a job: this, and a descriptor's number.
inline constexpr const char* handover_scheme = "handover:";

}  // namespace buddy::tools
