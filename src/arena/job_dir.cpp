#include "arena/job_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "base/job_key.hpp"

namespace buddy::arena {
namespace {

constexpr std::string_view shm_root = "/dev/shm";

/// Names of this user's job directories begin so.
std::string name_prefix() { return "buddy-" + std::to_string(getuid()) + "-"; }

/// Whether \p name is a job directory's of this user: the prefix, a process number, a rest.
bool is_job_name(std::string_view name) {
  const std::string prefix = name_prefix();
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool well_formed = error == std::errc() && end != name.data() + name.size() && *end == '-';
  return well_formed && pid > 0;
}

UniqueFd open_directory(const std::string& path) {
  return UniqueFd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool try_lock(const UniqueFd& directory) { return flock(directory.get(), LOCK_EX | LOCK_NB) == 0; }

/// Whether the name still leads to what is open.
bool is_named(const std::string& path, const UniqueFd& directory) {
  struct stat open_one {};
  struct stat named_one {};
  return fstat(directory.get(), &open_one) == 0 && lstat(path.c_str(), &named_one) == 0 &&
         open_one.st_dev == named_one.st_dev && open_one.st_ino == named_one.st_ino;
}

Status cannot_make(const std::string& path, int error) {
  return {ErrorCode::system, "cannot make " + path + " (" + std::strerror(error) +
                                 ") mount a tmpfs on /dev/shm that this user may write to, and "
                                 "check the limit on open files"};
}

/// Removes a directory if nobody holds its lock. Holding it meanwhile keeps its maker, who may have
/// made it a moment ago, from taking it for his.
bool remove_if_stale(const std::string& path) {
  const UniqueFd directory = open_directory(path);
  struct stat info {};
  if (!directory || fstat(directory.get(), &info) != 0 || info.st_uid != getuid()) return false;
  if (!try_lock(directory)) return false;
  std::error_code failed;
  std::filesystem::remove_all(path, failed);
  return !failed;
}

}  // namespace

Result<JobDir> JobDir::create() {
  // Whoever looks for stale directories between mkdir() and flock() takes this one for such, and
  // removes it: then another one is made. That happens once in a while and not a hundred times.
  for (int attempts = 100;; --attempts) {
    const std::string unique = to_string(random_job_key()).substr(0, 8);
    std::string path =
        std::string(shm_root) + "/" + name_prefix() + std::to_string(getpid()) + "-" + unique;
    if (mkdir(path.c_str(), 0700) != 0) return cannot_make(path, errno);
    UniqueFd lock = open_directory(path);
    const bool locked = lock && try_lock(lock);
    const int error = errno;
    if (locked && is_named(path, lock)) return JobDir(std::move(path), std::move(lock));
    const bool taken = locked || error == (lock ? EWOULDBLOCK : ENOENT);
    if (taken && attempts > 0) continue;
    rmdir(path.c_str());
    return cannot_make(path, error);
  }
}

Result<std::optional<JobDir>> JobDir::take_over(const std::string& path) {
  for (int attempts = 100;; --attempts) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot_make(path, errno);
    UniqueFd lock = open_directory(path);
    struct stat info {};
    if (lock && fstat(lock.get(), &info) == 0 &&
        (info.st_uid != getuid() || (info.st_mode & 077) != 0)) {
      return cannot_make(path, EACCES);
    }
    const bool locked = lock && try_lock(lock);
    const int error = errno;
    if (locked && is_named(path, lock)) return std::optional(JobDir(path, std::move(lock)));
    if (lock && !locked && error == EWOULDBLOCK) return std::optional<JobDir>();
    // It was removed meanwhile.
    if (attempts == 0 || (!lock && error != ENOENT)) return cannot_make(path, error);
  }
}

JobDir::JobDir(JobDir&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

JobDir& JobDir::operator=(JobDir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

JobDir::~JobDir() {
  if (!path_.empty()) remove_job_dir(path_);
}

void remove_job_dir(const std::string& path) {
  std::error_code failed;
  for (int attempts = 50;; --attempts) {
    std::filesystem::remove_all(path, failed);
    if (!failed || attempts == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

int remove_stale_job_dirs() {
  int removed = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(shm_root, error), end; !error && it != end;
       it.increment(error)) {
    if (is_job_name(it->path().filename().native()) && remove_if_stale(it->path().native())) {
      ++removed;
    }
  }
  return removed;
}

}  // namespace buddy::arena
