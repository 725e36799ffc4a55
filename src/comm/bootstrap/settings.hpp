// Where the options of a communicator come from.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "base/job_id.hpp"
#include "base/job_key.hpp"
#include "base/peer_timeout.hpp"
#include "base/status.hpp"
#include "transport/control/control_address.hpp"
#include "transport/link_address.hpp"
#include "wire/knobs.hpp"

namespace buddy::comm {

/// Options with the environment filled in. Variables: docs/formats/environment.md.
struct Settings {
  Placement placement = Placement::host;
  FabricKind fabric = FabricKind::shm;
  std::optional<transport::LinkKind>
      link;  ///< engine placement only; empty: by where the engine is
  Routing routing = Routing::automatic;
  int nodes = 1;  ///< on this machine
  std::size_t collect_bytes = std::numeric_limits<std::size_t>::max();
  int kept_sessions = 4;    ///< most that wait for the next communicator
  bool check = false;       ///< what messages carry
  int notice_seconds = 10;  ///< of waiting, after which it is told for whom; 0: never
  int hang_seconds = 0;     ///< of waiting, after which it is an error; 0: never
  std::string job_dir;      ///< where engines listen; engine placement only
  JobKey key;               ///< engine placement only
  JobId job_id;             ///< for an engine that serves many jobs
  /// Where the engine is, if not in job_dir.
  std::optional<transport::ControlAddress> engine_address{};
  int peer_timeout_s = default_peer_timeout_s;  ///< of a silent machine
  wire::Knobs knobs{};
};

/// Errors: invalid_argument for a value that means nothing, no_engine if engine placement is asked
/// for and nothing says where the engine is.
Result<Settings> read_settings(const Options& options);

}  // namespace buddy::comm
