// How long it takes from ringing a doorbell until its owner, which sleeps, is busy on another
// core.
#include <atomic>
#include <thread>

#include "arena/doorbell.hpp"
#include "arena/idle.hpp"
#include "arena/job_dir.hpp"
#include "base/affinity.hpp"
#include "measure/probes/cost_probe.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t wakes = 40;
constexpr int sleep_ms = 100;  ///< as engines do
/// The doorbell is ringable a moment before its owner is in the kernel, and its core at rest.
constexpr std::uint64_t settle_ns = 100'000;

class WakeProbe final : public CostProbe {
 public:
  WakeProbe(arena::Doorbell doorbell, arena::DoorbellSender doorbell_sender, int sleeper_cpu)
      : doorbell_(std::move(doorbell)),
        doorbell_sender_(std::move(doorbell_sender)),
        sleeper_cpu_(sleeper_cpu) {}

  void measure(const Limit& limit, CostSamples& samples) override {
    rung_.store(0);
    seen_.store(0);
    sleeper_gone_.store(false);
    std::vector<double> us;
    std::thread sleeper([&] {
      if (stay_on_cpu(sleeper_cpu_)) us = sleep_and_wake(limit);
      sleeper_gone_.store(true);
    });
    ring(limit);
    sleeper.join();
    samples.add_median(&MessageCosts::wake_us, std::move(us));
  }

 private:
  /// The sleeper, which waits as an engine's worker does. \return from each ring until awake, us
  std::vector<double> sleep_and_wake(const Limit& limit) {
    std::vector<double> us;
    arena::Idle idle(arena::WaitPolicy::shared());
    idle.watch({&doorbell_}, {});
    while (us.size() < wakes && !limit.over()) {
      if (rung_.load(std::memory_order_seq_cst) == us.size()) {
        idle.rest(sleep_ms, [] { return true; });
        continue;
      }
      us.push_back(static_cast<double>(monotonic_ns() - rung_ns_.load()) * 1e-3);
      idle.reset();
      seen_.store(us.size());
    }
    return us;
  }

  void ring(const Limit& limit) {
    const auto is_over = [&] { return sleeper_gone_.load(); };
    const auto is_asleep = [this] {
      return doorbell_.word().load() == static_cast<std::uint32_t>(arena::Wakefulness::sleeping);
    };
    for (std::uint64_t i = 0; i < wakes; ++i) {
      const auto ready = [&] { return is_over() || (seen_.load() == i && is_asleep()); };
      if (!spin_until(ready, limit) || is_over()) return;
      const std::uint64_t settled = monotonic_ns() + settle_ns;
      while (monotonic_ns() < settled) cpu_relax();
      rung_ns_.store(monotonic_ns());
      rung_.store(i + 1, std::memory_order_seq_cst);  // pairs with the sleeper's look
      doorbell_sender_.ring_if_sleeping();
    }
  }

  arena::Doorbell doorbell_;  ///< the sleeper's
  arena::DoorbellSender doorbell_sender_;
  int sleeper_cpu_;
  std::atomic<std::uint64_t> rung_{0};     ///< how often
  std::atomic<std::uint64_t> rung_ns_{0};  ///< when last
  std::atomic<std::uint64_t> seen_{0};
  std::atomic<bool> sleeper_gone_{false};
};

}  // namespace

MadeProbe make_wake_probe(int sleeper_cpu) {
  auto folder = arena::JobDir::create();  // goes at the end of this function
  if (!folder.ok()) return folder.status();
  auto doorbell = arena::Doorbell::create(folder.value().path() + "/doorbell");
  if (!doorbell.ok()) return doorbell.status();
  auto doorbell_sender = arena::DoorbellSender::open(doorbell.value().path());
  if (!doorbell_sender.ok()) return doorbell_sender.status();
  doorbell.value().unlink();
  return std::unique_ptr<CostProbe>(std::make_unique<WakeProbe>(
      std::move(doorbell.value()), std::move(doorbell_sender.value()), sleeper_cpu));
}

}  // namespace buddy::measure
