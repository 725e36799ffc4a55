// The directory in /dev/shm where a job's files have names while processes find each other.
#pragma once

#include <optional>
#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy::arena {

/// Owns a 0700 directory `/dev/shm/buddy-<uid>-<pid>-<hex>` and removes it with all its files.
/// Files in it are unlinked as soon as everybody who needs them has them open, so that a job
/// killed later leaves nothing behind. What a kill before that leaves is recognised by its lock:
/// the owner holds a flock() on the directory, which the kernel drops with the last process that
/// has it. The pid in the name is for people. It says nothing about life: containers that share
/// /dev/shm number their processes each on its own. Threads: any, one at a time.
class JobDir {
 public:
  /// Makes a new directory named after this process, and locks it.
  static Result<JobDir> create();
  /// Takes the directory at \p path over, and makes it if it is not there: a job that was begun on
  /// another machine has one of the same name here. \return nothing if somebody else holds it
  /// Errors: system, also if others may write to it.
  static Result<std::optional<JobDir>> take_over(const std::string& path);
  JobDir(JobDir&& other) noexcept;
  JobDir& operator=(JobDir&& other) noexcept;
  ~JobDir();

  const std::string& path() const noexcept { return path_; }
  /// Who keeps a copy of it open keeps the directory from being stale.
  int lock_fd() const noexcept { return lock_.get(); }

 private:
  JobDir(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  UniqueFd lock_;  ///< closed, never unlocked: a forked copy may go on holding it
};

/// Removes a job's directory, also while others remove or make what is theirs in it.
void remove_job_dir(const std::string& path);

/// Removes this user's job directories that nobody holds any more. \return how many
int remove_stale_job_dirs();

}  // namespace buddy::arena
