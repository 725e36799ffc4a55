#include "tools/report/output_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <initializer_list>

#include "base/unique_fd.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;
using Parts = std::span<const std::string_view>;

/// A folder's file is made under a name of this kind first.
std::string fresh_name(const fs::path& folder, int attempt) {
  return (folder / fmt::format(".buddy-{}-{}.tmp", getpid(), attempt)).native();
}

/// 3 for "/dev/fd/3", 1 for "-"; -1 for other paths.
int descriptor_in(std::string_view path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(prefix)) continue;
    int fd = -1;
    const char* end = path.data() + path.size();
    const auto parsed = std::from_chars(path.data() + prefix.size(), end, fd);
    if (parsed.ec == std::errc() && parsed.ptr == end) return fd;
  }
  return -1;
}

/// \return 0, or why nothing can be written into \p fd: an errno
int check_descriptor(int fd) {
  const int flags = fcntl(fd, F_GETFD);
  if (flags < 0) return errno;
  // What this process opened by itself was not meant.
  if ((flags & FD_CLOEXEC) != 0) return EBADF;
  return (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY ? EBADF : 0;
}

/// The file that symbolic links lead to, which need not exist.
fs::path behind_links(fs::path path) {
  constexpr int most_links = 40;
  for (int i = 0; i < most_links; ++i) {
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / target;
  }
  return path;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// While it exists, Ctrl-C waits: a file that is half done must not stay.
class StopSignalsWait {
 public:
  StopSignalsWait() {
    sigset_t stopping;
    sigemptyset(&stopping);
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&stopping, number);
    pthread_sigmask(SIG_BLOCK, &stopping, &before_);
  }
  ~StopSignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignalsWait(const StopSignalsWait&) = delete;
  StopSignalsWait& operator=(const StopSignalsWait&) = delete;

 private:
  sigset_t before_{};
};

/// Opens a file of a new name in \p folder; its mode is what the umask leaves. \return errno, or 0
int make_fresh(const fs::path& folder, std::string& name, UniqueFd& file) {
  constexpr int most_attempts = 100;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    name = fresh_name(folder, attempt);
    file = UniqueFd(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file) return 0;
    if (errno != EEXIST) return errno;
  }
  return EEXIST;
}

/// Permissions alone do not tell: /proc takes no files, whoever asks. \return 0, or an errno
int try_folder(const fs::path& folder) {
  const StopSignalsWait uninterrupted;
  std::string name;
  UniqueFd file;
  if (const int error = make_fresh(folder, name, file)) return error;
  return unlink(name.c_str()) == 0 ? 0 : errno;
}

/// \return 0, or an errno
int check_path(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return EISDIR;
    if (access(path.c_str(), W_OK) != 0) return errno;
    if (!S_ISREG(status.st_mode)) return 0;
  } else if (errno != ENOENT) {
    return errno;
  }
  const fs::path target = behind_links(path);
  if (!target.has_filename()) return path.empty() ? ENOENT : EISDIR;
  return try_folder(folder_of(target));
}

/// \return 0, or an errno
int write_all(int fd, Parts parts) {
  for (std::string_view rest : parts) {
    while (!rest.empty()) {
      const ssize_t written = write(fd, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  return 0;
}

/// Makes \p fresh the file \p path. \return 0, or an errno
int finish_fresh(UniqueFd fresh, const std::string& name, const fs::path& path, Parts parts) {
  struct stat old {};
  if (stat(path.c_str(), &old) == 0) {
    // Whoever could read the old one can read the new one; only root may give files away.
    [[maybe_unused]] const int same_owner = fchown(fresh.get(), old.st_uid, old.st_gid);
    if (fchmod(fresh.get(), old.st_mode & 07777) != 0) return errno;
  }
  if (const int error = write_all(fresh.get(), parts)) return error;
  if (fsync(fresh.get()) != 0) return errno;
  return std::rename(name.c_str(), path.c_str()) == 0 ? 0 : errno;
}

/// \return 0, or an errno
int replace(const fs::path& path, Parts parts) {
  const StopSignalsWait uninterrupted;
  std::string name;
  UniqueFd fresh;
  if (const int error = make_fresh(folder_of(path), name, fresh)) return error;
  const int error = finish_fresh(std::move(fresh), name, path, parts);
  if (error != 0) unlink(name.c_str());
  return error;
}

/// \return 0, or an errno
int write_path(const std::string& path, Parts parts) {
  if (const int error = check_path(path)) return error;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) {
    return replace(behind_links(path), parts);
  }
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file ? write_all(file.get(), parts) : errno;
}

Status as_status(const OutputFile& file, int error) {
  if (error == 0) return {};
  return {ErrorCode::system,
          fmt::format("cannot write {} ({}) {}", file.path, std::strerror(error), file.advice)};
}

}  // namespace

bool OutputFile::is_stdout() const { return descriptor_in(path) == STDOUT_FILENO; }

Status OutputFile::check() const {
  if (is_stdout()) return {};
  const int fd = descriptor_in(path);
  return as_status(*this, fd >= 0 ? check_descriptor(fd) : check_path(path));
}

Status OutputFile::write(Parts parts) const {
  if (is_stdout()) {
    for (const std::string_view part : parts) std::fwrite(part.data(), 1, part.size(), stdout);
    return {};
  }
  const int fd = descriptor_in(path);
  if (fd < 0) return as_status(*this, write_path(path, parts));
  const int closed = check_descriptor(fd);
  return as_status(*this, closed != 0 ? closed : write_all(fd, parts));
}

}  // namespace buddy::tools
