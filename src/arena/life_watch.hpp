// Whether the process that made a file in shared memory still lives.
#pragma once

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy::arena {

/// Looks at the lock that the creator of a ShmFile holds on it. The kernel gives a lock back when
/// its process ends, however it ends; that works on every kernel, and across PID namespaces.
/// A child that the process forked and that has not called exec() holds the lock as well: until it
/// ends, too, the process seems to live.
/// Threads: any, one at a time.
class LifeWatch {
 public:
  /// \param path of a file made by ShmFile::create(), while it has its name
  static Result<LifeWatch> open(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (fd) return LifeWatch(std::move(fd));
    const bool too_many = errno == EMFILE || errno == ENFILE;
    return Status(too_many ? ErrorCode::system : ErrorCode::peer_died,
                  "cannot watch the process that made " + path + " (" + std::strerror(errno) +
                      (too_many ? ") raise the limit on open files, for example with `ulimit -n`"
                                : ") it has ended: look at its output"));
  }

  /// Cost: a system call.
  bool ended() const noexcept {
    // Shared, so that many who find out at the same time do not take each other for the process.
    return ::flock(fd_.get(), LOCK_SH | LOCK_NB) == 0;
  }

 private:
  explicit LifeWatch(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace buddy::arena
