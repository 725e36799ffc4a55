#include "launch/process/interruptible.hpp"

#include <chrono>
#include <future>
#include <thread>

#include "launch/process/signal_gate.hpp"

namespace buddy::launch {

int run_interruptible(const std::function<void(const std::stop_token&)>& work) {
  constexpr int look_ms = 50;
  SignalGate gate;  // before the thread, which takes no signals then
  std::promise<void> done;
  const std::future<void> finished = done.get_future();
  std::jthread working([&](const std::stop_token& stop) {
    work(stop);
    done.set_value();
  });
  while (finished.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const int number = gate.wait(look_ms);
    if (asks_to_stop(number)) return number;
  }
  return 0;
}

}  // namespace buddy::launch
