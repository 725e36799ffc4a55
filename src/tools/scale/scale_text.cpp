// Simulated jobs for people: see scale_report.hpp.
#include <fmt/core.h>

#include <algorithm>

#include "tools/scale/scale_report.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

double mebibytes(double bytes) { return bytes / (1 << 20); }

std::string row(const ScaleResult& of) {
  return fmt::format(
      "  {:>6} {:<9} {:>9} {:<7} {:>8.0f} {:>7.1f} {:>9.2f} {:>9.0f} {:>7.0f} {:>10.3f} {:>10.0f} "
      "{:>7.0f} {:>6.0f} {:>8.1f}  {}\n",
      of.job.agents, to_string(of.job.traffic), of.job.messages, wire::to_string(of.routing),
      of.channels.most, mebibytes(static_cast<double>(of.memory.total())),
      mebibytes(of.resident_bytes.most), of.packets.mean, of.bytes_per_packet, 1e3 * of.seconds,
      of.forwarded.mean, of.waves, of.barrier_frames, 1e6 * of.barrier_seconds,
      of.verified ? "yes" : "NO");
}

std::string table(const std::vector<ScaleResult>& results) {
  std::string text = fmt::format(
      "  {:>6} {:<9} {:>9} {:<7} {:>8} {:>7} {:>9} {:>9} {:>7} {:>10} {:>10} {:>7} {:>6} {:>8}  "
      "{}\n",
      "agents", "traffic", "messages", "routing", "channels", "MiB", "resident", "packets", "bytes",
      "ms", "forwarded", "waves", "frames", "us", "verified");
  for (const ScaleResult& result : results) text += row(result);
  return text;
}

std::string behind_words(const ScaleComparison& one) {
  const auto behind = one.behind();
  return behind ? fmt::format("{:.0f} %", 100 * *behind) : "not simulated";
}

std::string compared(const std::vector<ScaleComparison>& comparisons) {
  if (comparisons.empty()) return {};
  std::string text =
      fmt::format("  {:>6} {:<9} {:>9}  {:>19} {:>12}  {:<7} {:<6} {}\n", "agents", "traffic",
                  "messages", "packets direct/grid", "virtual time", "fastest", "auto", "behind");
  for (const ScaleComparison& one : comparisons) {
    const ScaleCase& job = one.direct->job;
    text += fmt::format("  {:>6} {:<9} {:>9}  {:>19.2f} {:>12.2f}  {:<7} {:<6} {}\n", job.agents,
                        to_string(job.traffic), job.messages, one.packets(), one.seconds(),
                        wire::to_string(one.fastest->routing), wire::to_string(one.automatic),
                        behind_words(one));
  }
  return text;
}

std::string on_paper(const std::vector<SizedJob>& sized) {
  std::string text =
      fmt::format("  {:>6} {:<7} {:>8} {:>9}\n", "agents", "routing", "channels", "MiB");
  for (const SizedJob& one : sized) {
    text += fmt::format("  {:>6} {:<7} {:>8} {:>9.1f}\n", one.job.agents,
                        wire::to_string(one.job.routing), one.memory.channels,
                        mebibytes(static_cast<double>(one.memory.total())));
  }
  return text;
}

}  // namespace

std::string scale_answer(const ScaleReport& report) {
  const std::vector<ScaleComparison> all = compare(report.results);
  if (all.empty()) {
    return fmt::format("{} job(s) were simulated; none in direct and grid routing both.",
                       report.results.size());
  }
  const auto fewer = std::minmax_element(
      all.begin(), all.end(),
      [](const ScaleComparison& a, const ScaleComparison& b) { return a.packets() < b.packets(); });
  std::string text =
      fmt::format("With grid an engine sends {:.1f} to {:.1f} times fewer packets than with direct",
                  fewer.first->packets(), fewer.second->packets());
  const auto behind = std::max_element(all.begin(), all.end(),
                                       [](const ScaleComparison& a, const ScaleComparison& b) {
                                         return a.behind().value_or(-1) < b.behind().value_or(-1);
                                       });
  if (!behind->behind()) return text + ".";
  const ScaleCase& job = behind->direct->job;
  return text + fmt::format(
                    "; auto is at most {:.0f} % behind the fastest ({} agents, {}, {} "
                    "messages).",
                    100 * *behind->behind(), job.agents, to_string(job.traffic), job.messages);
}

std::string format_scale(const ScaleReport& report) {
  std::string text =
      "per engine: channels, MiB by the formulas, MiB resident, packets, bytes of a packet, "
      "virtual "
      "ms,\nmessages forwarded, waves of the barrier, then of an empty barrier: frames and virtual "
      "us\n";
  text += table(report.results);
  text += compared(compare(report.results));
  text += "memory of one engine by the formulas, all engines on nodes of their own:\n";
  text += on_paper(report.paper);
  return text + scale_answer(report) + "\n";
}

}  // namespace buddy::tools
