#include "tools/inspect/stat_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace buddy::tools {
namespace {

constexpr const char* nobody = "no engine is running on this machine\n";

const char* kind_of(const CounterSample& sample) { return sample.embedded ? "rank" : "engine"; }

std::string describe(const wire::RankPlace& place) {
  const std::string seconds =
      fmt::format(", for {:.1f} s", static_cast<double>(place.waited_ns) / 1e9);
  switch (static_cast<wire::Where>(place.where)) {
    case wire::Where::barrier: return fmt::format("waits in barrier {}{}", place.barrier, seconds);
    case wire::Where::collective: return "waits in a collective operation of MPI" + seconds;
    case wire::Where::waiting: return "waits in wait_until()" + seconds;
    case wire::Where::last_barrier:
      return fmt::format("waits in barrier {} (to leave){}", place.barrier, seconds);
    case wire::Where::left: return "has left" + seconds;
    case wire::Where::handlers: return "runs messages";
    case wire::Where::elsewhere: break;
  }
  return fmt::format("waits for nothing, past barrier {}", place.barrier);
}

/// The same engine's earlier sample, or one of zeros at its start.
CounterSample earlier(const std::vector<CounterSample>& before, const CounterSample& now) {
  const auto found = std::find_if(before.begin(), before.end(), [&](const CounterSample& sample) {
    return sample.pid == now.pid && sample.agent == now.agent && sample.up_ns <= now.up_ns;
  });
  return found != before.end() ? *found : CounterSample{};
}

std::string format_rate_row(const CounterSample& before, const CounterSample& now) {
  const double seconds = static_cast<double>(now.up_ns - before.up_ns) / 1e9;
  const auto rate = [&](Counter counter) {
    const auto growth = static_cast<double>(now.value(counter) - before.value(counter));
    return seconds > 0 ? growth / seconds : 0.0;
  };
  const std::string cpu =
      now.embedded ? "-" : fmt::format("{:.1f}", rate(Counter::cpu_ns) / 1e9 * 100);
  return fmt::format(
      "{:>8} {:<6} {:>5} {:>5} {:>5} {:>11.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>11.1f} {:>9.0f} "
      "{:>9.0f} {:>6}\n",
      now.pid, kind_of(now), now.node, now.agent, now.local_ranks,
      rate(Counter::records_routed) / 1e6, rate(Counter::records_along) / 1e6,
      rate(Counter::records_across) / 1e6, rate(Counter::records_forwarded) / 1e6,
      rate(Counter::bytes_out) / 1e6, rate(Counter::stalls), rate(Counter::sleeps), cpu);
}

}  // namespace

std::string format_totals(const std::vector<CounterSample>& samples) {
  if (samples.empty()) return nobody;
  std::string text;
  for (const CounterSample& sample : samples) {
    text += fmt::format("{} of process {}: node {}, agent {}, {} of {} ranks, up {:.1f} s\n",
                        sample.embedded ? "embedded engine" : "engine", sample.pid, sample.node,
                        sample.agent, sample.local_ranks, sample.ranks,
                        static_cast<double>(sample.up_ns) / 1e9);
    for (std::size_t i = 0; i < counter_count; ++i) {
      text += fmt::format("  {:<20} {}\n", counter_names[i], sample.values[i]);
    }
    for (const wire::RankPlace& place : sample.places) {
      text += fmt::format("  {:<20} {}\n", fmt::format("rank {}", place.rank), describe(place));
    }
  }
  return text;
}

std::string format_rates(const std::vector<CounterSample>& before,
                         const std::vector<CounterSample>& now) {
  if (now.empty()) return nobody;
  std::string text = fmt::format(
      "{:>8} {:<6} {:>5} {:>5} {:>5} {:>11} {:>9} {:>9} {:>9} {:>11} {:>9} {:>9} {:>6}\n",
      "process", "in", "node", "agent", "ranks", "M rec/s", "along", "across", "forwarded",
      "MB out/s", "stalls/s", "sleeps/s", "CPU %");
  for (const CounterSample& sample : now) text += format_rate_row(earlier(before, sample), sample);
  return text;
}

}  // namespace buddy::tools
