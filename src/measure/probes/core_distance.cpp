#include "measure/probes/core_distance.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "base/affinity.hpp"
#include "measure/statistics.hpp"

namespace buddy::measure {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int series = 5;
constexpr int rounds = 5000;
constexpr auto time_limit = std::chrono::milliseconds(500);

/// Two words that two threads answer each other through; lines are prefetched in pairs.
struct Lines {
  alignas(128) std::atomic<int> ping{0};
  alignas(128) std::atomic<int> pong{0};
  alignas(128) std::atomic<bool> give_up{false};
};

/// Spins until \p word reaches \p value. \return false if the time is over
bool await(const std::atomic<int>& word, int value, const Lines& lines) {
  // Acquire pairs with the release store of the other thread's turn.
  while (word.load(std::memory_order_acquire) < value) {
    if (lines.give_up.load(std::memory_order_relaxed)) return false;
  }
  return true;
}

void answer(Lines& lines, int cpu) {
  if (!stay_on_cpu(cpu)) lines.give_up = true;
  for (int i = 1; i <= series * rounds && await(lines.ping, i, lines); ++i) {
    lines.pong.store(i, std::memory_order_release);
  }
}

void ask(Lines& lines, int cpu, std::vector<double>& round_trips_ns) {
  if (!stay_on_cpu(cpu)) lines.give_up = true;
  int i = 0;
  for (int part = 0; part < series; ++part) {
    const auto start = Clock::now();
    for (int end = i + rounds; i < end;) {
      lines.ping.store(++i, std::memory_order_release);
      if (!await(lines.pong, i, lines)) return;
    }
    const std::chrono::duration<double, std::nano> taken = Clock::now() - start;
    round_trips_ns.push_back(taken.count() / rounds);
  }
}

}  // namespace

std::optional<double> measure_core_distance_ns(const CpuPair& cpus) {
  Lines lines;
  std::vector<double> round_trips_ns;
  std::atomic<bool> done{false};
  std::thread first([&] {
    ask(lines, cpus.first, round_trips_ns);
    done = true;
  });
  std::thread second([&] { answer(lines, cpus.second); });
  const auto limit = Clock::now() + time_limit;
  while (!done && Clock::now() < limit) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  lines.give_up = true;
  first.join();
  second.join();
  if (round_trips_ns.size() < series) return std::nullopt;
  return spread_of(std::move(round_trips_ns)).median;
}

}  // namespace buddy::measure
