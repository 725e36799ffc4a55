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

/// "1.55  95 % interval 1.41 to 1.70  (host seconds / engine seconds, 5 pairs)".
std::string speedup(const measure::Comparison& figures) {
  const std::string ratio = fmt::format("{} seconds / {} seconds", figures.over, figures.of);
  const std::string estimate = figure(figures.speedup.estimate);
  if (figures.pairs == 1) return fmt::format("{}  ({}, one pair)", estimate, ratio);
  return fmt::format("{}  {:.0f} % interval {} to {}  ({}, {} pairs)", estimate,
                     figures.level * 100, figure(figures.speedup.low), figure(figures.speedup.high),
                     ratio, figures.pairs);
}

/// The headline's speedup, and where more than two were compared, that of every two.
std::string speedups(const Summary& summary) {
  std::string text;
  if (const auto& headline = summary.speedup_offload) {
    text += fmt::format("  speedup_offload    {}\n", speedup(headline->figures));
  }
  if (summary.comparisons.size() == 1 && summary.speedup_offload) return text;
  for (const ComparedPair& pair : summary.comparisons) {
    text += fmt::format("  {:<18} {}: {}\n",
                        fmt::format("{} over {}", pair.figures.of, pair.figures.over),
                        speedup(pair.figures), measure::words_of(pair.verdict.outcome));
  }
  return text;
}

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

/// "runs differ by 2.1 % (host) and 3.0 % (engine), pairs by 3.3 %; the job got 99.5 % of the CPU
/// time that it asked for".
std::string noise(const Summary& summary) {
  std::vector<std::string> parts;
  for (const ContenderSummary& one : summary.contenders) {
    const std::string name = to_string(one.contender);
    const auto found = summary.noise.runs.find(name);
    if (found != summary.noise.runs.end()) {
      parts.push_back(fmt::format("{} ({})", percent(found->second), name));
    }
  }
  std::string text;
  if (!parts.empty()) text = fmt::format("runs differ by {}", fmt::join(parts, ", "));
  if (summary.noise.pairs) text += fmt::format("; pairs by {}", percent(*summary.noise.pairs));
  if (summary.noise.cpu_share) {
    text += fmt::format("{}the jobs got {} of the CPU time that they asked for",
                        text.empty() ? "" : "; ", percent(*summary.noise.cpu_share));
  }
  return text.empty() ? text : fmt::format("  noise              {}\n", text);
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
  text += speedups(summary);
  for (const ContenderSummary& contender : summary.contenders) {
    if (!contender.ratio_to_alltoallv) continue;
    text += fmt::format("  ratio_to_alltoallv {}  ({}: alltoallv seconds / its seconds)\n",
                        with_range(*contender.ratio_to_alltoallv), to_string(contender.contender));
  }
  return text + noise(summary) + verdict(summary);
}

}  // namespace buddy::tools
