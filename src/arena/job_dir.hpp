// The directory in /dev/shm where a job's files have names while processes find each other.
#pragma once

#include <string>

#include "base/status.hpp"

namespace buddy::arena {

/// Owns a 0700 directory `/dev/shm/buddy-<uid>-<pid>-<hex>` and removes it with all its files.
/// Files in it are unlinked as soon as everybody who needs them has them open, so that a job
/// killed later leaves nothing behind; what a kill before that leaves is found by its pid.
/// Threads: any, one at a time.
class JobDir {
 public:
  /// Makes a new directory named after this process.
  static Result<JobDir> create();
  JobDir(JobDir&& other) noexcept;
  JobDir& operator=(JobDir&& other) noexcept;
  ~JobDir();

  const std::string& path() const noexcept { return path_; }

 private:
  explicit JobDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Removes this user's job directories whose process is gone. \return how many
int remove_stale_job_dirs();

}  // namespace buddy::arena
