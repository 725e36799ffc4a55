// How the processes that run each rank tell the command which rank failed first.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "launch/process/process.hpp"

namespace buddy::launch {

/// A rank that did not end well.
struct RankFailure {
  int rank = 0;
  pid_t pid = 0;
  ExitState state;
};

/// Appends one line to the job's list of failures; several processes may do so at once.
/// Launchers report exit codes of their own making when ranks fail, so they cannot be relied on.
void record_failure(const std::string& job_dir, const RankFailure& failure);

/// The failure recorded first, if any.
std::optional<RankFailure> first_failure(const std::string& job_dir);

/// A descriptor that becomes readable when something changes in \p job_dir, such as the list of
/// failures; none if the system has no more of them to give.
UniqueFd watch_directory(const std::string& job_dir);
/// Makes it unreadable until the next change.
void drain(const UniqueFd& watcher);

}  // namespace buddy::launch
