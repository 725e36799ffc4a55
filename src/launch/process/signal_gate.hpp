// Signals as events, so that one loop sees children ending, Ctrl-C and file descriptors.
#pragma once

#include <poll.h>
#include <signal.h>

#include <span>

#include "base/unique_fd.hpp"

namespace buddy::launch {

/// While it exists, SIGCHLD and the signals that ask a program to stop are not delivered but read
/// from here. A hang-up that this process was started to ignore (nohup) stays ignored.
/// Gates may be nested; the innermost reads. Threads: the one that made it.
class SignalGate {
 public:
  SignalGate();
  ~SignalGate();
  SignalGate(const SignalGate&) = delete;
  SignalGate& operator=(const SignalGate&) = delete;

  /// Waits for a signal, for one of \p also to become ready, or for \p timeout_ms (-1: for ever).
  /// \return the signal's number, or 0
  int wait(int timeout_ms, std::span<pollfd> also = {});

 private:
  sigset_t before_{};
  UniqueFd fd_;
};

/// A signal that asked to stop while nobody was waiting for one, which counts as read then; or 0.
/// \pre A gate exists in this thread.
int take_stop_signal() noexcept;

/// True for the signals that ask a program to stop.
bool asks_to_stop(int signal_number);
/// True if this process was started to outlive its terminal, as by nohup.
bool ignores_hangup();

}  // namespace buddy::launch
