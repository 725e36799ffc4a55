// Cycles of source, population control and tracking, whatever carries particles between ranks.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "transport/population.hpp"
#include "transport/tracker.hpp"

namespace workloads::transport {

/// One rank's part of the simulation.
/// A Carrier has: send(int rank, const Particle&); poll(); finish_cycle(), which returns when no
/// particle is in flight on any rank; sum(value), the sum over all ranks. Arriving particles are
/// given to arrive() inside poll(), finish_cycle(), sum() and, where the carrier may wait, send().
/// Invariant: what arrives after finish_cycle() belongs to the next cycle; it comes from ranks that
/// have left sum() already, so all that a cycle needs is in place before sum() is called.
/// Threads: the rank's.
template <class Carrier>
class Simulation {
 public:
  /// Which particles of the source this rank sets free, and where it follows them.
  struct Role {
    const Decomposition& births;  ///< those in cells that \p rank owns in it
    int rank;
    const Decomposition& tracking;
    int tracking_rank;
  };

  Simulation(const Problem& problem, const Role& role, Carrier& carrier)
      : problem_(problem),
        source_(problem, role.births, role.rank),
        carrier_(carrier),
        tracker_(problem, role.tracking, role.tracking_rank, Send{carrier}),
        cycles_(static_cast<std::size_t>(problem.cycles) + 1) {}

  /// Collective: all cycles.
  void run() {
    std::uint64_t in_flight = 0;  // of all ranks
    for (std::uint64_t cycle = 0; cycle < problem_.cycles; ++cycle) {
      prepare(cycle, in_flight);
      track();
      carrier_.finish_cycle();
      particles_.clear();
      particles_.swap(tracker_.census());
      ++cycle_;
      in_flight = carrier_.sum(particles_.size());
    }
    for (const Particle& particle : particles_) tracker_.tallies().histories += mark_of(particle);
  }

  /// A particle from another rank: follows it at once, to where it ends on this one.
  void arrive(Particle& particle) { tracker_.track(particle, cycles_[cycle_]); }
  const void* first_touched(const Particle& particle) const noexcept {
    return tracker_.first_touched(particle);
  }

  /// Counts of each cycle on this rank.
  std::vector<Events> cycles() const { return {cycles_.begin(), cycles_.end() - 1}; }
  Tallies& tallies() noexcept { return tracker_.tallies(); }

 private:
  struct Send {
    Carrier& carrier;
    void operator()(int rank, const Particle& particle) const { carrier.send(rank, particle); }
  };

  /// Source and population control.
  void prepare(std::uint64_t cycle, std::uint64_t in_flight) {
    Events& events = cycles_[cycle_];
    events[Event::started] += particles_.size();
    events[Event::sourced] += source_.add_births(cycle, particles_);
    if (problem_.wanted != 0) {
      const std::uint64_t present = in_flight + problem_.source;
      control_population({.wanted = problem_.wanted, .present = present, .cycle = cycle},
                         particles_, tracker_.tallies(), events);
    }
  }

  void track() {
    std::uint64_t since_poll = 0;
    for (Particle& particle : particles_) {
      particle.time_left = problem_.cycle_seconds;
      tracker_.track(particle, cycles_[cycle_]);
      if (++since_poll < problem_.batch) continue;
      since_poll = 0;
      carrier_.poll();
    }
  }

  const Problem& problem_;
  Source source_;
  Carrier& carrier_;
  Tracker<Send> tracker_;
  std::vector<Particle> particles_;  ///< of this cycle, not yet followed; then those of the next
  std::vector<Events> cycles_;       ///< one more than there are, for what arrives after the last
  std::size_t cycle_ = 0;
};

}  // namespace workloads::transport
