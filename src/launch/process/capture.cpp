#include "launch/process/capture.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>

namespace buddy::launch {

Capture::Capture() : fd_(memfd_create("buddy-output", MFD_CLOEXEC)) {
  // Several processes write through this description, so each write must go to the end.
  fcntl(fd_.get(), F_SETFL, O_APPEND);
}

std::string Capture::text() const {
  std::string all;
  std::array<char, 4096> part{};
  for (off_t at = 0;;) {
    const ssize_t got = pread(fd_.get(), part.data(), part.size(), at);
    if (got <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(got));
    at += got;
  }
}

}  // namespace buddy::launch
