// A file in shared memory, mapped.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy::arena {

/// Owns a mapping of a file in /dev/shm. Created files are 0600, zeroed, and have all their pages
/// reserved, so that a full /dev/shm is an error here and not a SIGBUS later. The creator holds a
/// lock (flock) on it as long as it has the file, so that others can tell that it lives: LifeWatch.
/// Threads: any, one at a time; the bytes are shared by agreement of their users.
class ShmFile {
 public:
  /// Errors: no_memory when /dev/shm has not that much room; says how much is needed.
  static Result<ShmFile> create(const std::string& path, std::size_t bytes);
  /// Maps an existing file. Errors: mismatch if it is smaller than \p bytes, or not this user's.
  static Result<ShmFile> open(const std::string& path, std::size_t bytes);
  ShmFile(ShmFile&& other) noexcept;
  ShmFile& operator=(ShmFile&& other) noexcept;
  ~ShmFile();

  std::span<std::byte> bytes() const noexcept { return bytes_; }
  const std::string& path() const noexcept { return path_; }
  /// Removes the name; the mapping stays.
  void unlink() noexcept;

 private:
  ShmFile(std::string path, UniqueFd fd, std::span<std::byte> bytes, bool created)
      : path_(std::move(path)), fd_(std::move(fd)), bytes_(bytes), created_(created) {}
  static Result<ShmFile> map(const std::string& path, UniqueFd fd, std::size_t bytes, bool created);

  std::string path_;
  UniqueFd fd_;  ///< kept by the creator: it holds the lock, and `buddy stat` finds the file by it
  std::span<std::byte> bytes_;
  bool created_ = false;
};

}  // namespace buddy::arena
