// Cleans up after a command that was itself killed.
#pragma once

#include <sys/types.h>

#include "arena/job_dir.hpp"
#include "base/unique_fd.hpp"

namespace buddy::launch {

/// A small process that outlives this one if this one is killed (even with SIGKILL): it then gives
/// the job's processes a few seconds to end, kills the rest and removes the job's directory.
/// It hears of the death by the end of a socket whose other end only this process holds.
/// Threads: make it while the process has a single thread.
class Janitor {
 public:
  /// The janitor holds the directory's lock, too: until it is done, the job is not stale.
  explicit Janitor(const arena::JobDir& job_dir);
  /// Sends the janitor home: this process has cleaned up.
  ~Janitor();
  Janitor(const Janitor&) = delete;
  Janitor& operator=(const Janitor&) = delete;

 private:
  UniqueFd alive_;
  pid_t pid_ = -1;
};

}  // namespace buddy::launch
