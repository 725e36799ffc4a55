// What offloading would bring, from where a run's time went.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "predict/engine_description.hpp"
#include "predict/host_run.hpp"

namespace buddy::predict {

/// How work changes when the engine moves out, and how well both sides overlap.
enum class Coefficient : std::size_t {
  application,  ///< factor on the program's own code: its core's caches are its own again
  handlers,     ///< factor: blocks come from another core's cache
  buddy,        ///< factor: blocks go to another core's cache
  engine,       ///< factor: routing reads and writes other cores' blocks
  network,      ///< factor: the network's library runs beside, not between, the ranks' work
  overlap,      ///< part of the lesser side's time that the greater one does not hide although
                ///< nobody waits for it
  idle,         ///< part of the host run's idle time that remains
  barrier_us,   ///< what each barrier waits longer, us
  partial_us,   ///< what each block of a rank waits longer that was not full, us
  ring_ns,      ///< what a byte costs an engine at least that it takes from another core, ns
  count_
};

inline constexpr std::size_t coefficient_count = static_cast<std::size_t>(Coefficient::count_);
inline constexpr std::array<std::string_view, coefficient_count> coefficient_names = {
    "application", "handlers", "buddy",      "engine",     "network",
    "overlap",     "idle",     "barrier_us", "partial_us", "ring_ns"};

struct Coefficients {
  std::array<double, coefficient_count> values{};
  double operator[](Coefficient which) const { return values[static_cast<std::size_t>(which)]; }
};

/// Before anything was fitted: nothing changes, and both sides overlap fully.
Coefficients plain_coefficients();

/// A machine against the one that coefficients were fitted on.
struct MachineScale {
  double ring = 1;  ///< time that a byte takes through a ring between two cores
  double wake = 1;  ///< time to wake who sleeps
};

/// The coefficients on another machine: what other cores' caches cost grows with the one figure,
/// what sleepers cost with the other.
Coefficients adapted(const Coefficients& coefficients, const MachineScale& scale);

enum class Limit { host, engine, network, waiting };
std::string_view to_string(Limit limit);

/// Seconds are wall time in engine placement.
struct Prediction {
  double seconds = 0;
  double host_seconds = 0;       ///< the ranks' CPUs busy
  double engine_seconds = 0;     ///< the engines' CPUs, routing
  double network_seconds = 0;    ///< the engines' CPUs in the network's library, or the wire
  double waiting_seconds = 0;    ///< what is left: barriers, and what does not overlap
  double cpu_seconds_freed = 0;  ///< of the ranks
  Limit limit = Limit::host;
};

/// Ranks and engines as two stations of a closed queueing network: the slower one sets the pace,
/// and the other hides behind it but for what ranks wait for (HostRun::awaited) and a part
/// (asymptotic bounds as in Lazowska et al., Quantitative System Performance, 1984, chapter 5).
/// \pre the run has ranks and took time
Prediction predict(const HostRun& run, const EngineDescription& engine,
                   const Coefficients& coefficients);

}  // namespace buddy::predict
