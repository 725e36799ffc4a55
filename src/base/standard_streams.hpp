// Descriptors 0 to 2, which programs take for input, output and errors whatever they really are.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__clang__)
#define BUDDY_UNSANITIZED __attribute__((no_sanitize("address", "thread", "undefined")))
#else
#define BUDDY_UNSANITIZED \
  __attribute__((no_sanitize_address, no_sanitize_thread, no_sanitize_undefined))
#endif

namespace buddy {

/// Opens /dev/null under those of the numbers 0 to 2 that are closed. Without it the next file that
/// is opened gets the number, and what a program prints ends up in a ring, a socket or a report.
/// System calls only, and nothing that a sanitizer instruments: the command calls this before any
/// library is initialised.
BUDDY_UNSANITIZED inline void fill_standard_streams() noexcept {
  for (long fd = 0; fd <= 2; ++fd) {
    if (::syscall(SYS_fcntl, fd, F_GETFD) >= 0) continue;
    // The lowest free number is this one, because those below are open.
    if (::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR) < 0) return;
  }
}

}  // namespace buddy
