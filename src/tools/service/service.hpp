// An engine as a service: takes ranks over TCP, and gives each job a process of its own.
#pragma once

#include <functional>
#include <string>

#include "base/status.hpp"
#include "tools/service/job_process.hpp"
#include "transport/control/control_address.hpp"

namespace buddy::tools {

struct ServiceOptions {
  transport::ControlAddress address;  ///< TCP
  int max_jobs = 4;                   ///< at a time
  int peer_timeout_s = default_peer_timeout_s;
  JobProcessOptions job{};
  std::string port_file{};           ///< gets the port; removed at the end; empty: none
  std::function<void()> on_ready{};  ///< called once ranks can connect
};

/// Serves until a signal asks to stop, then ends all jobs. Says on stderr which jobs begin and end,
/// and how many greetings came to nothing. Touches no UCX itself. Errors: system, invalid_argument
/// when it cannot listen.
Status run_service(const ServiceOptions& options);

}  // namespace buddy::tools
