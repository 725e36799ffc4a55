#include "launch/process/interruptible.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace buddy::launch {
namespace {

TEST(Interruptible, work_that_ends_by_itself_was_not_stopped) {
  bool ran = false;
  EXPECT_EQ(run_interruptible([&](const std::stop_token& stop) { ran = !stop.stop_requested(); }),
            0);
  EXPECT_TRUE(ran);
}

TEST(Interruptible, signal_asks_the_work_to_end_and_is_told) {
  bool asked = false;
  const int number = run_interruptible([&](const std::stop_token& stop) {
    kill(getpid(), SIGTERM);
    for (int i = 0; i < 10'000 && !stop.stop_requested(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    asked = stop.stop_requested();
  });
  EXPECT_EQ(number, SIGTERM);
  EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace buddy::launch
