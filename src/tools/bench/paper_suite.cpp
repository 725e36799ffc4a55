#include "tools/bench/paper_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "measure/statistics.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

constexpr const char* row_format = "  {:<12} {:>11} {:>20} {:>9} {:>15} {:>17} {:>7} {:>19}\n";

constexpr std::uint64_t table_bytes = std::uint64_t{512} << 20U;
const std::vector<std::string> once = {"--rounds", "1"};

/// A table of 8-byte entries.
Growth table(const char* option, Growth::Unit unit, std::vector<std::string> rest) {
  return {.option = option,
          .unit = unit,
          .unit_bytes = 8,
          .own_memory = 1.25,
          .replicated_memory = 0,
          .most_bytes = table_bytes,
          .rest = std::move(rest)};
}

/// The paper's: flat random, 10 nonzeros a row; 8 bytes for each and for where the row begins.
/// \param own, \param replicated memory that runs were seen to take \param scale of the most rows
/// on a rank
Growth matrix(double own, double replicated, int scale, std::vector<std::string> rest) {
  constexpr std::uint64_t row_bytes = 88;
  rest.insert(rest.begin(), {"--graph", "flat", "--edgefactor", "10"});
  return {.option = "--scale",
          .unit = Growth::Unit::logarithm_of_all,
          .unit_bytes = row_bytes,
          .own_memory = own,
          .replicated_memory = replicated,
          .most_bytes = row_bytes << static_cast<unsigned>(scale),
          .rest = std::move(rest)};
}

/// The paper's five cycles; every rank has the whole table.
Growth cross_sections() {
  return {.option = "--grid",
          .unit = Growth::Unit::per_rank,
          .unit_bytes = 64,
          .own_memory = 1.25,
          .replicated_memory = 0,
          .most_bytes = table_bytes,
          .rest = {"--cycles", "5"}};
}

std::vector<SuiteEntry> chosen(const std::vector<SuiteEntry>& suite, const std::string& folder,
                               bool wanted) {
  std::vector<SuiteEntry> result;
  std::copy_if(suite.begin(), suite.end(), std::back_inserter(result), [&](const auto& entry) {
    return find_workload(folder, entry.workload).ok() == wanted;
  });
  return result;
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

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f} %", *value * 100) : "-";
}

std::string megabytes(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f}", *value * 1e-6) : "-";
}

/// Without a verdict a figure would be taken for one.
std::string speedup(const Summary& summary) {
  const auto& headline = summary.speedup_offload;
  if (!headline) return "-";
  if (!summary.doubts.empty()) return "no verdict";
  const measure::RatioInterval& speedup = headline->figures.speedup;
  if (summary.pairs == 1) return fmt::format("{:.2f} (one pair)", speedup.estimate);
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", speedup.estimate, speedup.low, speedup.high);
}

std::string row(const SuiteEntry& entry, const CaseReport& report) {
  const auto before = [&](const char* key) { return median_of(report, Contender::host, key); };
  const auto after = [&](const char* key) { return median_of(report, Contender::engine, key); };
  return fmt::format(
      row_format, entry.workload, number(before("memory_to_communication_ratio"), 1),
      speedup(report.summary), entry.reported,
      percent(before("host_cpu_utilization")) + " > " + percent(after("host_cpu_utilization")),
      number(before("host_cpu_seconds"), 3) + " > " + number(after("host_cpu_seconds"), 3),
      percent(after("engine_cpu_utilization")),
      fmt::format("{} > {} + {}", megabytes(before("dram_bytes_host")),
                  megabytes(after("dram_bytes_host")), megabytes(after("dram_bytes_engine"))));
}

}  // namespace

const std::vector<SuiteEntry>& paper_suite() {
  // The most communication that each of them can have; docs/workloads.md says what changes it.
  static const std::vector<SuiteEntry> suite = {
      {"transport", {}, "1.55", cross_sections()},
      {"transpose", {"--scale", "18", "--rounds", "4"}, "1.32", matrix(9, 0, 19, once)},
      {"histogram", {}, "<= 1.05", table("--table", Growth::Unit::per_rank, {"--updates", "10M"})},
      {"triangles", {}, "<= 1.05", matrix(7, 3, 17, {})},
      {"sssp", {"--rounds", "5"}, "<= 1.05", matrix(8, 0.2, 18, once)}};
  return suite;
}

const std::vector<SuiteEntry>& other_applications() {
  static const std::vector<SuiteEntry> others = {
      {"indexgather", {}, "-", table("--table", Growth::Unit::of_all, {"--requests", "10M"})},
      {"bfs", {}, "-", matrix(8, 0.2, 18, {"--roots", "1"})},
      {"permute", {}, "-", matrix(10, 0, 18, once)},
      {"toposort", {}, "-", matrix(6, 0.2, 17, once)}};
  return others;
}

std::vector<SuiteEntry> installed(const std::vector<SuiteEntry>& suite, const std::string& folder) {
  return chosen(suite, folder, true);
}

std::vector<SuiteEntry> missing(const std::vector<SuiteEntry>& suite, const std::string& folder) {
  return chosen(suite, folder, false);
}

std::string format_suite(const std::vector<SuiteEntry>& suite,
                         const std::vector<CaseReport>& cases) {
  std::string text = "\nhost placement > engine placement, medians\n";
  text += fmt::format(row_format, "", "memory to", "", "in the", "host CPU", "host CPU", "engine",
                      "DRAM traffic, MB");
  text += fmt::format(row_format, "application", "comm. ratio", "speedup (95 %)", "paper", "use",
                      "time, s", "CPU use", "host > host + engine");
  for (const SuiteEntry& entry : suite) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const CaseReport& report) {
      return report.summary.workload == entry.workload;
    });
    if (found != cases.end()) text += row(entry, *found);
  }
  for (const CaseReport& report : cases) {
    const auto& verdict = report.summary.verdict;
    if (verdict && verdict->outcome == measure::Outcome::none) {
      text += fmt::format("  {}\n", verdict->text);
    }
  }
  return text;
}

}  // namespace buddy::tools
