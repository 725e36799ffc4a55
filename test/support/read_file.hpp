// Whole files, those of /proc included.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

namespace buddy::test {

/// All that is in \p path; what cannot be read is empty. Files of a process that ends meanwhile
/// fail while they are read, which an iterator over a stream's buffer would throw as an exception.
inline std::string read_file(const std::filesystem::path& path) {
  std::string all;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return all;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(fd, part.data(), part.size())) > 0;) {
    all.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  return all;
}

}  // namespace buddy::test
