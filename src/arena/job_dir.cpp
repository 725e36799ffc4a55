#include "arena/job_dir.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/job_key.hpp"

namespace buddy::arena {
namespace {

constexpr std::string_view shm_root = "/dev/shm";

/// Process that owns a directory of this user, or 0 if the name is not one.
pid_t owner_of(std::string_view name) {
  const std::string prefix = "buddy-" + std::to_string(getuid()) + "-";
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool well_formed = error == std::errc() && end != name.data() + name.size() && *end == '-';
  return well_formed && pid > 0 ? pid : 0;
}

bool is_alive(pid_t pid) { return kill(pid, 0) == 0 || errno == EPERM; }

}  // namespace

Result<JobDir> JobDir::create() {
  const std::string unique = to_string(random_job_key()).substr(0, 8);
  std::string path = std::string(shm_root) + "/buddy-" + std::to_string(getuid()) + "-" +
                     std::to_string(getpid()) + "-" + unique;
  if (mkdir(path.c_str(), 0700) != 0) {
    return Status(ErrorCode::system, "cannot make " + path + " (" + std::strerror(errno) +
                                         ") mount a tmpfs on /dev/shm that this user may write to");
  }
  return JobDir(std::move(path));
}

JobDir::JobDir(JobDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

JobDir& JobDir::operator=(JobDir&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

JobDir::~JobDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

int remove_stale_job_dirs() {
  int removed = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(shm_root, error), end; !error && it != end;
       it.increment(error)) {
    const pid_t pid = owner_of(it->path().filename().native());
    struct stat info {};
    if (pid == 0 || is_alive(pid) || lstat(it->path().c_str(), &info) != 0) continue;
    if (!S_ISDIR(info.st_mode) || info.st_uid != getuid()) continue;
    std::error_code failed;
    std::filesystem::remove_all(it->path(), failed);
    if (!failed) ++removed;
  }
  return removed;
}

}  // namespace buddy::arena
