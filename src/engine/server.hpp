// An engine process: takes ranks of one job, runs its agents on worker threads.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/dpu_emulation.hpp"
#include "base/job_key.hpp"
#include "base/peer_timeout.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "engine/job_limits.hpp"
#include "transport/control/control_address.hpp"

namespace buddy::engine {

struct ServerOptions {
  int workers = 1;        ///< threads that route, 1 ..
  std::vector<int> cpus;  ///< worker w runs on cpus[w % size]; empty: anywhere
  bool any_cpu = false;   ///< every worker runs on any of cpus
  /// Other jobs may run on the workers' cores: it must not spin, whatever ranks say.
  bool shares_cores = false;
  JobKey key;  ///< ranks must know it
  JobLimits limits{};
  int peer_timeout_s = default_peer_timeout_s;  ///< of another machine's silence
  DpuEmulation dpu{};  ///< \pre all ranks are on this machine, or it changes nothing
};

struct ListenOptions {
  std::string socket_path;           ///< where ranks connect; made by the server, mode 0600
  std::function<void()> on_ready{};  ///< called once ranks can connect
  int greeting_limit_ms = 10'000;    ///< how long who connects may take to show the key
};

/// Serves who connects and shows the key until \p stop is set, which is checked at least every
/// 100 ms. Removes the socket before it returns.
Status run_server(const ServerOptions& options, const ListenOptions& listen,
                  const std::atomic<bool>& stop);

/// Serves the connections that a service hands over (see Handover), until it ends or \p stop is
/// set.
Status run_job(const ServerOptions& options, UniqueFd handover, const std::atomic<bool>& stop);

}  // namespace buddy::engine
