#include "launch/process/signal_gate.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace buddy::launch {
namespace {

constexpr int stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

}  // namespace

SignalGate::SignalGate() {
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  for (const int number : stop_signals) sigaddset(&watched, number);
  // Blocking a signal makes the kernel keep it, even if it is ignored.
  if (ignores_hangup()) sigdelset(&watched, SIGHUP);
  sigprocmask(SIG_BLOCK, &watched, &before_);
  fd_ = UniqueFd(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalGate::~SignalGate() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

int SignalGate::wait(int timeout_ms, std::span<pollfd> also) {
  std::vector<pollfd> all(also.begin(), also.end());
  all.push_back({fd_.get(), POLLIN, 0});
  poll(all.data(), all.size(), timeout_ms);
  std::copy_n(all.begin(), also.size(), also.begin());
  signalfd_siginfo info{};
  if (read(fd_.get(), &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

int take_stop_signal() noexcept {
  sigset_t stopping;
  sigemptyset(&stopping);
  for (const int number : stop_signals) sigaddset(&stopping, number);
  const timespec at_once{};
  return std::max(sigtimedwait(&stopping, nullptr, &at_once), 0);
}

bool asks_to_stop(int signal_number) {
  return std::find(std::begin(stop_signals), std::end(stop_signals), signal_number) !=
         std::end(stop_signals);
}

bool ignores_hangup() {
  struct sigaction now {};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace buddy::launch
