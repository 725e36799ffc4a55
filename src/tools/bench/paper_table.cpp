#include "tools/bench/paper_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "measure/statistics.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using Compared = std::pair<Contender, Contender>;  ///< of, over

constexpr const char* place_format = "  {:<12} {:<15} {:>9} {:>9} {:>10} {:>8} {:>10} {:>10}\n";

const CaseReport* find_case(const std::vector<CaseReport>& cases, const std::string& workload) {
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const CaseReport& report) {
    return report.summary.workload == workload;
  });
  return found == cases.end() ? nullptr : &*found;
}

/// Median over the runs of one contender of a figure of the report.
std::optional<double> median_of(const CaseReport& report, Contender contender, const char* key) {
  std::vector<double> values;
  for (const Record& record : report.records) {
    if (record.step.contender != contender) continue;
    const Json entry = record.to_json();
    const auto found = entry.find(key);
    if (found == entry.end() || !found->is_number()) return std::nullopt;
    values.push_back(found->get<double>());
  }
  if (values.empty()) return std::nullopt;
  return measure::spread_of(std::move(values)).median;
}

/// Of the first contender whose ratio is known: host, if it ran.
std::optional<double> ratio_of(const CaseReport& report) {
  for (const ContenderSummary& one : report.summary.contenders) {
    const auto ratio = median_of(report, one.contender, "memory_to_communication_ratio");
    if (ratio) return ratio;
  }
  return std::nullopt;
}

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f} %", *value * 100) : "-";
}

std::string megabytes(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f}", *value * 1e-6) : "-";
}

std::string name_of(Contender contender) {
  return to_string(contender) + (contender == Contender::dpu ? " (emulated)" : "");
}

const ComparedPair* find_pair(const Summary& summary, const Compared& wanted) {
  for (const ComparedPair& pair : summary.comparisons) {
    if (pair.of == wanted.first && pair.over == wanted.second) return &pair;
  }
  return nullptr;
}

/// Without a verdict a figure would be taken for one.
std::string speedup(const Summary& summary, const Compared& wanted) {
  const ComparedPair* pair = find_pair(summary, wanted);
  if (pair == nullptr) return "-";
  if (!summary.doubts.empty()) return "no verdict";
  const measure::RatioInterval& speedup = pair->figures.speedup;
  if (summary.pairs == 1) return fmt::format("{:.2f} (one pair)", speedup.estimate);
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", speedup.estimate, speedup.low, speedup.high);
}

/// Those in which the one offloads and the other does not, in any case; engine over shared first,
/// which is what the paper compares.
std::vector<Compared> compared_in(const std::vector<CaseReport>& cases) {
  std::vector<Compared> all;
  for (const Contender of : {Contender::engine, Contender::dpu, Contender::remote}) {
    for (const Contender over : {Contender::shared, Contender::host}) {
      const bool ran = std::any_of(cases.begin(), cases.end(), [&](const CaseReport& report) {
        return find_pair(report.summary, {of, over}) != nullptr;
      });
      if (ran) all.emplace_back(of, over);
    }
  }
  return all;
}

std::string format_speedups(const std::vector<SuiteEntry>& suite,
                            const std::vector<CaseReport>& cases) {
  const auto compared = compared_in(cases);
  std::string text =
      "\nspeedup with its 95 % interval, beside the one of the paper (arXiv 2605.04842; - where it "
      "reports none)\n";
  text += fmt::format("  {:<12} {:>9}", "application", "ratio");
  for (const auto& [of, over] : compared) {
    text += fmt::format("  {:>21}", to_string(of) + " over " + to_string(over));
  }
  text += fmt::format("  {:>8}\n", "paper");
  for (const SuiteEntry& entry : suite) {
    const CaseReport* report = find_case(cases, entry.workload);
    if (report == nullptr) continue;
    text += fmt::format("  {:<12} {:>9}", entry.workload, number(ratio_of(*report), 1));
    for (const Compared& pair : compared) {
      text += fmt::format("  {:>21}", speedup(report->summary, pair));
    }
    text += fmt::format("  {:>8}\n", entry.reported);
  }
  text +=
      "  ratio: memory traffic of the ranks per byte sent to other nodes (memory to "
      "communication)\n";
  for (const auto& pair : compared) {
    if (pair.first != Contender::dpu) continue;
    return text + "  dpu: an emulated DPU, nothing that a DPU has done\n";
  }
  return text;
}

std::string format_costs(const std::vector<SuiteEntry>& suite,
                         const std::vector<CaseReport>& cases) {
  std::string text = "\nwhat each place costs, medians\n";
  text += fmt::format(place_format, "", "", "", "host CPU", "host CPU", "engine", "DRAM, MB,",
                      "DRAM, MB,");
  text += fmt::format(place_format, "application", "place", "seconds", "use", "time, s", "CPU use",
                      "host", "engine");
  for (const SuiteEntry& entry : suite) {
    const CaseReport* report = find_case(cases, entry.workload);
    if (report == nullptr) continue;
    for (const ContenderSummary& one : report->summary.contenders) {
      const auto median = [&](const char* key) { return median_of(*report, one.contender, key); };
      text += fmt::format(
          place_format, entry.workload, name_of(one.contender), number(median("seconds"), 3),
          percent(median("host_cpu_utilization")), number(median("host_cpu_seconds"), 3),
          percent(median("engine_cpu_utilization")), megabytes(median("dram_bytes_host")),
          megabytes(median("dram_bytes_engine")));
    }
  }
  return text;
}

/// As far as an interval has ends.
Json json_of_end(double end) { return std::isfinite(end) && end > 0 ? Json(end) : Json(nullptr); }

Json speedups_json(const CaseReport& report) {
  Json all = Json::array();
  for (const auto& [of, over] : compared_in({report})) {
    const ComparedPair& pair = *find_pair(report.summary, {of, over});
    const measure::RatioInterval& speedup = pair.figures.speedup;
    all.push_back({{"of", to_string(of)},
                   {"over", to_string(over)},
                   {"speedup", speedup.estimate},
                   {"low", json_of_end(speedup.low)},
                   {"high", json_of_end(speedup.high)},
                   {"outcome", measure::to_string(pair.verdict.outcome)}});
  }
  return all;
}

Json places_json(const CaseReport& report) {
  Json all = Json::array();
  for (const ContenderSummary& one : report.summary.contenders) {
    Json place = {{"place", to_string(one.contender)},
                  {"emulated", one.contender == Contender::dpu}};
    for (const char* key : {"seconds", "host_cpu_utilization", "host_cpu_seconds",
                            "engine_cpu_utilization", "dram_bytes_host", "dram_bytes_engine"}) {
      place[key] = or_null(median_of(report, one.contender, key));
    }
    all.push_back(std::move(place));
  }
  return all;
}

Json application_json(const SuiteEntry& entry, const SizedProblem* problem,
                      const CaseReport& report) {
  return {{"workload", entry.workload},
          {"options", entry.arguments},
          {"bytes_per_rank", problem != nullptr ? Json(problem->bytes_per_rank) : Json(nullptr)},
          {"limited_by", problem != nullptr ? Json(to_string(problem->limit)) : Json(nullptr)},
          {"reported", entry.reported == "-" ? Json(nullptr) : Json(entry.reported)},
          {"memory_to_communication_ratio", or_null(ratio_of(report))},
          {"speedups", speedups_json(report)},
          {"places", places_json(report)}};
}

}  // namespace

std::string format_suite(const std::vector<SuiteEntry>& suite,
                         const std::vector<CaseReport>& cases) {
  std::string text = format_speedups(suite, cases) + format_costs(suite, cases);
  for (const CaseReport& report : cases) {
    const auto& verdict = report.summary.verdict;
    if (verdict && verdict->outcome == measure::Outcome::none) {
      text += fmt::format("  {}\n", verdict->text);
    }
  }
  return text;
}

Json paper_json(const PaperPlan& plan, const std::vector<CaseReport>& cases) {
  if (plan.entries.empty()) return nullptr;
  const bool sized = !plan.problems.empty();
  Json applications = Json::array();
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const CaseReport* report = find_case(cases, plan.entries[i].workload);
    if (report == nullptr) continue;
    applications.push_back(
        application_json(plan.entries[i], sized ? &plan.problems[i] : nullptr, *report));
  }
  const RankShare& share = plan.share;
  return {{"size", plan.size.text()},
          {"cache_bytes_per_core", sized ? Json(share.cache.bytes) : Json(nullptr)},
          {"cache_assumed", sized ? Json(share.cache.assumed) : Json(nullptr)},
          {"memory_bytes_per_rank", sized ? Json(share.memory_bytes) : Json(nullptr)},
          {"applications", std::move(applications)}};
}

}  // namespace buddy::tools
