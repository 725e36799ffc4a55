#include "launch/process/signal_gate.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/sandbox.hpp"

namespace buddy::launch {
namespace {

/// Sets what SIGHUP does and sets it back.
class Hangup {
 public:
  explicit Hangup(sighandler_t handler) : before_(signal(SIGHUP, handler)) {}
  ~Hangup() { signal(SIGHUP, before_); }
  Hangup(const Hangup&) = delete;
  Hangup& operator=(const Hangup&) = delete;

 private:
  sighandler_t before_;
};

TEST(SignalGate, reads_signals_that_ask_to_stop) {
  const Hangup hangup(SIG_DFL);
  SignalGate gate;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    kill(getpid(), number);
    EXPECT_EQ(gate.wait(10'000), number);
    EXPECT_TRUE(asks_to_stop(number));
  }
  EXPECT_EQ(gate.wait(0), 0);
}

// Blocking an ignored signal makes the kernel keep it: nohup would be undone.
TEST(SignalGate, a_hang_up_that_is_ignored_stays_so) {
  const Hangup hangup(SIG_IGN);
  SignalGate gate;
  kill(getpid(), SIGHUP);
  EXPECT_EQ(gate.wait(100), 0);
  EXPECT_TRUE(ignores_hangup());
}

TEST(SignalGate, signals_before_an_inner_gate_are_not_lost) {
  const Hangup hangup(SIG_DFL);
  const SignalGate outer;
  kill(getpid(), SIGHUP);
  SignalGate inner;
  EXPECT_EQ(inner.wait(10'000), SIGHUP);
}

TEST(SignalGate, signals_while_nobody_waited_are_taken_once) {
  const Hangup hangup(SIG_DFL);
  const SignalGate gate;
  EXPECT_EQ(take_stop_signal(), 0);
  kill(getpid(), SIGINT);
  kill(getpid(), SIGCHLD);
  EXPECT_EQ(take_stop_signal(), SIGINT);
  EXPECT_EQ(take_stop_signal(), 0);
}

TEST(SignalGate, programs_are_started_with_the_hang_up_as_it_was) {
  for (const bool ignored : {true, false}) {
    const Hangup hangup(ignored ? SIG_IGN : SIG_DFL);
    const ExitState state =
        buddy::testing::run_command({"/bin/sh", "-c", "kill -HUP $$; exit 5"}).state;
    EXPECT_EQ(state.code, ignored ? 5 : 0);
    EXPECT_EQ(state.signal, ignored ? 0 : SIGHUP);
  }
}

}  // namespace
}  // namespace buddy::launch
