#include "tools/bench/bench_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace buddy::tools {
namespace {

/// Three significant digits without exponents: 0.00123, 1.23, 12.3, 123, 1230.
std::string figure(double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:.2f}", value);
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return fmt::format("{:.{}f}", value, std::max(0, 2 - magnitude));
}

/// One value has no range: it would look like a very sure one.
std::string with_range(const measure::Spread& spread) {
  if (spread.min == spread.max) return figure(spread.median);
  return fmt::format("{} [{}..{}]", figure(spread.median), figure(spread.min), figure(spread.max));
}

std::string median_or_dash(const std::optional<measure::Spread>& spread) {
  return spread ? figure(spread->median) : "-";
}

std::string percent_or_dash(const std::optional<measure::Spread>& spread) {
  return spread ? fmt::format("{:.0f} %", spread->median * 100) : "-";
}

constexpr const char* headings = "  {:<10} {:<22} {:>9} {:>21}   {:<25} {:>7}\n";
constexpr const char* row_format = "  {:<10} {:<22} {:>9} {:>12} {:>8}   {:<25} {:>7} {:>7}\n";

/// "barrier 0.83 [0.81..1.2] us, round trip 1.1 [1.0..1.3] us", from names like round_trip_us.
std::string times(const ContenderSummary& contender) {
  std::string text;
  for (const auto& [name, spread] : contender.times_us) {
    std::string words = name.substr(0, name.size() - 3);
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format("{}{} {} us", text.empty() ? "" : ", ", words, with_range(spread));
  }
  return text;
}

/// Of a network the kernel has its part, which other networks spare.
bool is_remote(const ContenderSummary& contender) {
  return contender.contender == Contender::remote;
}

/// "engine 8.91 user + 0.5 system, remote 10.1 + 5.4 ns of the ranks' CPU per message".
std::string user_and_system(const Summary& summary) {
  const auto& all = summary.contenders;
  if (std::none_of(all.begin(), all.end(), is_remote)) return {};
  std::string text;
  for (const ContenderSummary& contender : all) {
    const auto& cpu = contender.host_ns_per_message;
    const auto& system = contender.host_system_ns_per_message;
    if (!cpu || !system) continue;
    text += fmt::format(
        "{}{} {} user + {} system", text.empty() ? "" : ", ", to_string(contender.contender),
        figure(std::max(0.0, cpu->median - system->median)), figure(system->median));
  }
  return text.empty() ? text : fmt::format("  ranks' CPU         {} ns/message\n", text);
}

/// The verdict says the first doubt, if there is one.
std::string verdict(const Summary& summary) {
  std::string text;
  if (summary.verdict) text += fmt::format("  verdict            {}\n", summary.verdict->text);
  for (std::size_t i = summary.verdict ? 1 : 0; i < summary.doubts.size(); ++i) {
    text += fmt::format("  in doubt           {}\n", summary.doubts[i].text);
  }
  return text;
}

std::string row(const ContenderSummary& contender) {
  return fmt::format(
      row_format, to_string(contender.contender), with_range(contender.rate_per_rank),
      median_or_dash(contender.host_ns_per_message), median_or_dash(contender.engine_records_rate),
      median_or_dash(contender.engine_work_rate), with_range(contender.seconds),
      percent_or_dash(contender.host_cpu_utilization),
      percent_or_dash(contender.engine_cpu_utilization));
}

}  // namespace

std::string format_table(const Summary& summary, const std::string& setting) {
  std::string text =
      fmt::format("{}: {}; {} each, in turns, after a warm-up\n", summary.workload, setting,
                  summary.pairs == 1 ? "1 run" : fmt::format("{} runs", summary.pairs));
  text += fmt::format(headings, "", "M messages/s per rank", "host CPU", "M records per CPU s",
                      "seconds", "CPU use");
  text += fmt::format(row_format, "placement", "median [min..max]", "ns/msg", "engine", "busy",
                      "median [min..max]", "host", "engine");
  for (const ContenderSummary& contender : summary.contenders) text += row(contender);
  for (const ContenderSummary& contender : summary.contenders) {
    if (contender.times_us.empty()) continue;
    text += fmt::format("  {:<18} {}\n", to_string(contender.contender), times(contender));
  }
  text += user_and_system(summary);
  if (summary.speedup_offload) {
    text += fmt::format("  speedup_offload    {}  (host seconds / engine seconds, {})\n",
                        with_range(*summary.speedup_offload),
                        summary.pairs == 1 ? "one pair" : "pair by pair");
  }
  for (const ContenderSummary& contender : summary.contenders) {
    if (!contender.ratio_to_alltoallv) continue;
    text += fmt::format("  ratio_to_alltoallv {}  ({}: alltoallv seconds / its seconds)\n",
                        with_range(*contender.ratio_to_alltoallv), to_string(contender.contender));
  }
  return text + verdict(summary);
}

}  // namespace buddy::tools
