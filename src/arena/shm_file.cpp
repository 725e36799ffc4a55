#include "arena/shm_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace buddy::arena {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes + (1u << 20) - 1) >> 20) + " MiB";
}

Status too_many_files(const std::string& path) {
  return {ErrorCode::system, "cannot open " + path + " (" + std::strerror(errno) +
                                 ") raise the limit on open files, for example with `ulimit -n`"};
}

Status no_room(const std::string& path, std::size_t bytes) {
  struct statvfs space {};
  std::string free = "an unknown amount is";
  if (::statvfs("/dev/shm", &space) == 0) {
    free = mebibytes(std::uint64_t{space.f_bavail} * space.f_frsize) + " are";
  }
  return {ErrorCode::no_memory, "/dev/shm is too small (" + path + " needs " + mebibytes(bytes) +
                                    ", " + free +
                                    " free) enlarge it, for example with `mount -o remount,size=2G "
                                    "/dev/shm`, or use --routing grid (BUDDY_ROUTING), a smaller "
                                    "--ring (BUDDY_RING_BLOCKS), or fewer ranks"};
}

/// A signal interrupts the kernel's reservation, and what it had reserved is given back. Slices are
/// so short that they get done between two ticks of a profiler's timer.
int reserve(int fd, std::size_t bytes) {
  constexpr std::size_t slice_bytes = std::size_t{1} << 20;
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t slice = std::min(slice_bytes, bytes - done);
    const int error = ::posix_fallocate(fd, static_cast<off_t>(done), static_cast<off_t>(slice));
    if (error == EINTR) continue;
    if (error != 0) return error;
    done += slice;
  }
  return 0;
}

}  // namespace

Result<ShmFile> ShmFile::map(const std::string& path, UniqueFd fd, std::size_t bytes,
                             bool created) {
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (at == MAP_FAILED) {
    const std::string why = std::strerror(errno);
    if (created) ::unlink(path.c_str());
    return Status(ErrorCode::no_memory, "cannot map " + path + " (" + why + ") free some memory");
  }
  return ShmFile(path, std::move(fd), {static_cast<std::byte*>(at), bytes}, created);
}

Result<ShmFile> ShmFile::create(const std::string& path, std::size_t bytes) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd && (errno == EMFILE || errno == ENFILE)) return too_many_files(path);
  if (!fd) {
    return Status(ErrorCode::system, "cannot create " + path + " (" + std::strerror(errno) +
                                         ") check that /dev/shm is a writable tmpfs");
  }
  // For LifeWatch. Nobody else has the file open for long enough to be in the way.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    const std::string why = std::strerror(errno);
    ::unlink(path.c_str());
    return Status(ErrorCode::system,
                  "cannot lock " + path + " (" + why + ") check that /dev/shm is a tmpfs");
  }
  if (const int error = reserve(fd.get(), bytes); error != 0) {
    // What could be reserved is free again before anybody asks how much is.
    [[maybe_unused]] const int emptied = ::ftruncate(fd.get(), 0);
    ::unlink(path.c_str());
    if (error == ENOSPC || error == ENOMEM) return no_room(path, bytes);
    return Status(ErrorCode::system,
                  "cannot reserve " + path + " (" + std::strerror(error) + ") check /dev/shm");
  }
  return map(path, std::move(fd), bytes, true);
}

Result<ShmFile> ShmFile::open(const std::string& path, std::size_t bytes) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && (errno == EMFILE || errno == ENFILE)) return too_many_files(path);
  if (!fd) {
    return Status(ErrorCode::peer_died, "cannot open " + path + " (" + std::strerror(errno) +
                                            ") the process that made it has ended");
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || info.st_uid != ::getuid() ||
      static_cast<std::size_t>(info.st_size) < bytes) {
    return Status(ErrorCode::mismatch,
                  path +
                      " is not what it should be (another owner or size) use the same version "
                      "of Buddy on all ranks and engines");
  }
  auto mapped = map(path, std::move(fd), bytes, false);
  if (mapped.ok()) mapped.value().fd_.reset();
  return mapped;
}

ShmFile::ShmFile(ShmFile&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      fd_(std::move(other.fd_)),
      bytes_(std::exchange(other.bytes_, {})),
      created_(std::exchange(other.created_, false)) {}

ShmFile& ShmFile::operator=(ShmFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(bytes_, other.bytes_);
  std::swap(created_, other.created_);
  return *this;
}

ShmFile::~ShmFile() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
  unlink();
}

void ShmFile::unlink() noexcept {
  if (created_) ::unlink(path_.c_str());
  created_ = false;
}

}  // namespace buddy::arena
