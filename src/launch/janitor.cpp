#include "launch/janitor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "launch/job_processes.hpp"

namespace buddy::launch {
namespace {

constexpr int grace_ms = 5000;

/// A copy that outlives the replacement of descriptors 0 to 2.
int above_standard_streams(const UniqueFd& fd) { return fcntl(fd.get(), F_DUPFD_CLOEXEC, 3); }

void leave_everything_behind(const std::array<int, 2>& kept) {
  setsid();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) signal(number, SIG_IGN);
  // Whoever reads our output must not wait for the janitor.
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  const auto last = static_cast<int>(sysconf(_SC_OPEN_MAX));
  for (int fd = 3; fd < std::min(last, 1024); ++fd) {
    if (std::find(kept.begin(), kept.end(), fd) == kept.end()) close(fd);
  }
}

[[noreturn]] void keep_watch(const UniqueFd& watched, const arena::JobDir& directory) {
  const std::string& job_dir = directory.path();
  const int fd = above_standard_streams(watched);
  leave_everything_behind({fd, directory.lock_fd()});
  char byte = 0;
  ssize_t got = 0;
  do {
    got = read(fd, &byte, 1);
  } while (got < 0 && errno == EINTR);
  if (got == 0) {
    end_processes_of_job(job_dir, grace_ms);
    arena::remove_job_dir(job_dir);
    arena::remove_stale_job_dirs();  // those of ranks and engines that were killed
  }
  _exit(0);
}

}  // namespace

Janitor::Janitor(const arena::JobDir& job_dir) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  UniqueFd watched(ends[0]);
  alive_ = UniqueFd(ends[1]);
  pid_ = fork();
  if (pid_ == 0) {
    alive_.reset();
    keep_watch(watched, job_dir);
  }
}

Janitor::~Janitor() {
  if (pid_ <= 0) return;
  const char byte = 'q';
  send(alive_.get(), &byte, 1, MSG_NOSIGNAL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace buddy::launch
