#include "launch/failures.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace buddy::launch {
namespace {

std::string file_of(const std::string& job_dir) { return job_dir + "/failures"; }

}  // namespace

void record_failure(const std::string& job_dir, const RankFailure& failure) {
  const UniqueFd fd(
      open(file_of(job_dir).c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  const std::string line = fmt::format("{} {} {} {}\n", failure.rank, failure.pid,
                                       failure.state.code, failure.state.signal);
  // One write of a short line is not torn by another process's.
  if (fd) [[maybe_unused]]
    const ssize_t written = write(fd.get(), line.data(), line.size());
}

std::optional<RankFailure> first_failure(const std::string& job_dir) {
  std::ifstream file(file_of(job_dir));
  RankFailure failure;
  if (file >> failure.rank >> failure.pid >> failure.state.code >> failure.state.signal) {
    return failure;
  }
  return std::nullopt;
}

UniqueFd watch_directory(const std::string& job_dir) {
  UniqueFd watcher(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (watcher && inotify_add_watch(watcher.get(), job_dir.c_str(), IN_CLOSE_WRITE) < 0) {
    watcher.reset();
  }
  return watcher;
}

void drain(const UniqueFd& watcher) {
  std::array<char, 4096> events{};
  while (watcher && read(watcher.get(), events.data(), events.size()) > 0) {
  }
}

}  // namespace buddy::launch
