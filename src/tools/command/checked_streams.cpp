#include "tools/command/checked_streams.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace buddy::tools {
namespace {

int problem = 0;

/// \return 0, or an errno
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // somebody else's terminal may be non-blocking
      pollfd ready{fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

ssize_t to_stdout(void*, const char* text, std::size_t size) {
  if (problem == 0) problem = write_all(STDOUT_FILENO, {text, size});
  return static_cast<ssize_t>(size);
}

ssize_t to_closed_stdout(void*, const char*, std::size_t size) {
  problem = EBADF;
  return static_cast<ssize_t>(size);
}

ssize_t to_stderr(void*, const char* text, std::size_t size) {
  write_all(STDERR_FILENO, {text, size});
  return static_cast<ssize_t>(size);
}

/// A stream that nobody closes: it is there as long as the process.
std::FILE* stream_to(ssize_t (*write_function)(void*, const char*, std::size_t), int buffering) {
  std::FILE* stream = fopencookie(nullptr, "w", {nullptr, write_function, nullptr, nullptr});
  if (stream != nullptr) std::setvbuf(stream, nullptr, buffering, BUFSIZ);
  return stream;
}

}  // namespace

void watch_streams(bool stdout_was_closed) {
  std::FILE* out = stream_to(stdout_was_closed ? to_closed_stdout : to_stdout,
                             isatty(STDOUT_FILENO) == 1 ? _IOLBF : _IOFBF);
  std::FILE* errors = stream_to(to_stderr, _IONBF);
  if (out != nullptr) stdout = out;
  if (errors != nullptr) stderr = errors;
}

int stdout_problem() noexcept {
  std::fflush(stdout);
  return problem;
}

int finish_streams(int exit_code) {
  if (stdout_problem() == 0) return exit_code;
  fmt::print(stderr, "buddy: cannot write to stdout ({}) send it to another place\n",
             std::strerror(problem));
  return exit_code == 0 ? 1 : exit_code;
}

}  // namespace buddy::tools
