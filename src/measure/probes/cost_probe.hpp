// Measuring one piece of the message path, again and again.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "base/clock.hpp"
#include "base/processor.hpp"
#include "base/status.hpp"
#include "measure/probes/core_distance.hpp"
#include "measure/probes/message_costs.hpp"

namespace buddy::measure {

/// When to give up waiting: somebody asks for it, or it takes too long. No measurement hangs.
/// Threads: any.
class Limit {
 public:
  Limit(std::stop_token stop, std::uint64_t ns)
      : stop_(std::move(stop)), deadline_ns_(monotonic_ns() + ns) {}

  bool over() const noexcept { return stop_.stop_requested() || monotonic_ns() >= deadline_ns_; }

 private:
  std::stop_token stop_;
  std::uint64_t deadline_ns_;
};

/// Gives the core to others for a moment.
void yield_core() noexcept;

/// Spins until \p condition holds; on a busy core, lets others run meanwhile.
/// \return false if the limit came first
template <class Condition>
bool spin_until(Condition condition, const Limit& limit) {
  constexpr int looks = 1024;  // longer than any wait for a thread that runs
  for (;;) {
    for (int i = 0; i < looks; ++i) {
      if (condition()) return true;
      cpu_relax();
    }
    if (limit.over()) return false;
    yield_core();
  }
}

/// What has been measured so far: several values of each figure.
class CostSamples {
 public:
  /// Takes what is positive: a clock too coarse for the work is no measurement.
  void add(std::optional<Spread> MessageCosts::*figure, double value);
  /// The median of \p values, if there are any: interruptions do not count.
  void add_median(std::optional<Spread> MessageCosts::*figure, std::vector<double> values);
  /// Sets the figures that have values.
  void summarize(MessageCosts& all) const;

 private:
  std::array<std::vector<double>, costs.size()> values_;
};

/// Measures what it was made for.
/// Threads: the one that made it, which must stay on one CPU; some start others and end them.
class CostProbe {
 public:
  CostProbe() = default;
  CostProbe(const CostProbe&) = delete;
  CostProbe& operator=(const CostProbe&) = delete;
  virtual ~CostProbe() = default;

  /// Adds at most one value to each of its figures; none if the time was over.
  virtual void measure(const Limit& limit, CostSamples& samples) = 0;
};

using MadeProbe = Result<std::unique_ptr<CostProbe>>;

/// Append, route, deliver; all in this thread.
MadeProbe make_block_probe();
/// A ring in shared memory: this thread sends to one on \p receiver_cpu.
MadeProbe make_ring_probe(int receiver_cpu);
/// The network fabric from this thread to itself, over the loopback interface.
/// Errors: system if UCX cannot be used; when it moves nothing within two seconds, too.
MadeProbe make_network_probe(const std::stop_token& stop);
/// A doorbell: this thread wakes one on \p sleeper_cpu.
MadeProbe make_wake_probe(int sleeper_cpu);
MadeProbe make_distance_probe(const CpuPair& cpus);

/// Makes the compiler compute \p value, and take all memory for changed.
template <class T>
void keep(const T& value) noexcept {
  asm volatile("" : : "r"(value) : "memory");
}

}  // namespace buddy::measure
