#include "tools/command/early_start.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <initializer_list>

#include "base/standard_streams.hpp"
#include "transport/hangup.hpp"

namespace buddy::tools {
namespace {

/// The kernel's set of signals, as system calls want it.
using KernelSignals = std::uint64_t;
KernelSignals blocked_before = 0;
bool stdout_closed = false;

BUDDY_UNSANITIZED void set_blocked(int how, const KernelSignals* set, KernelSignals* before) {
  ::syscall(SYS_rt_sigprocmask, how, set, before, sizeof(KernelSignals));
}

/// Shells start programs in the background with SIGINT and SIGQUIT ignored. A command that waits
/// for signals takes them for a wish to stop nevertheless; until it does, they would be lost.
BUDDY_UNSANITIZED void stop_ignoring(int number) {
  // Handler, flags, restorer, mask: the kernel's struct, of which zero is the default action.
  const std::uint64_t by_default[4] = {};  // NOLINT(modernize-avoid-c-arrays)
  ::syscall(SYS_rt_sigaction, number, by_default, nullptr, sizeof(KernelSignals));
}

/// System calls only: no library is ready, nor is a sanitizer.
BUDDY_UNSANITIZED void start_early() {
  KernelSignals stopping = 0;
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
    stopping |= KernelSignals{1} << (number - 1);
  }
  set_blocked(SIG_BLOCK, &stopping, &blocked_before);
  for (const int number : {SIGINT, SIGQUIT, SIGTERM}) stop_ignoring(number);
  stdout_closed = ::syscall(SYS_fcntl, 1, F_GETFD) < 0;
  fill_standard_streams();
}

// Only a program itself has such functions; those of libraries run later.
[[gnu::used, gnu::section(".preinit_array")]] void (*const before_libraries)() = start_early;

}  // namespace

void finish_early_start() noexcept {
  transport::give_back_hangup();
  set_blocked(SIG_SETMASK, &blocked_before, nullptr);
}

bool stdout_was_closed() noexcept { return stdout_closed; }

}  // namespace buddy::tools
