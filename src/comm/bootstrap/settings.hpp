// Where the options of a communicator come from.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstddef>
#include <limits>
#include <string>

#include "base/job_key.hpp"
#include "base/status.hpp"

namespace buddy::comm {

/// Options with the environment filled in. Variables: docs/formats/environment.md.
struct Settings {
  Placement placement = Placement::host;
  FabricKind fabric = FabricKind::shm;
  int nodes = 1;  ///< on this machine
  std::size_t collect_bytes = std::numeric_limits<std::size_t>::max();
  int kept_sessions = 4;    ///< most that wait for the next communicator
  bool check = false;       ///< what messages carry
  int notice_seconds = 10;  ///< of waiting, after which it is told for whom; 0: never
  int hang_seconds = 0;     ///< of waiting, after which it is an error; 0: never
  std::string job_dir;      ///< where engines listen; engine placement only
  JobKey key;               ///< engine placement only
};

/// Errors: invalid_argument for a value that means nothing, no_engine if engine placement is asked
/// for without a job directory.
Result<Settings> read_settings(const Options& options);

}  // namespace buddy::comm
