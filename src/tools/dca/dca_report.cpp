#include "tools/dca/dca_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using measure::CacheOptions;
using measure::Traffic;

constexpr const char* row_format = "  {:<12} {:>11} {:>11} {:>15} {:>15} {:>9}   {:>14}\n";
constexpr const char* many_format = "  {:>5}  {:<38} {:>12} {:>10} {:>14} {:>10}\n";
constexpr const char* scheme_format = "  {:<40} {:>14} {:>14} {:>18}\n";

const char* name_of(measure::LastLevel last) {
  return last == measure::LastLevel::inclusive ? "inclusive" : "exclusive";
}
const char* name_of(measure::Links links) { return links == measure::Links::dma ? "dma" : "cores"; }

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kib = 1024;
  if (bytes % (kib * kib) == 0) return fmt::format("{} MiB", bytes / kib / kib);
  if (bytes % kib == 0) return fmt::format("{} KiB", bytes / kib);
  return fmt::format("{} B", bytes);
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f}", static_cast<double>(bytes) * 1e-6);
}

double per_byte(std::uint64_t bytes, std::uint64_t inbound) {
  return static_cast<double>(bytes) / static_cast<double>(inbound);
}

std::string setting(const DcaStudy& study) {
  const CacheOptions& cache = study.cache;
  std::string text = fmt::format("cache model: {}", study.preset);
  for (std::size_t i = 0; i < cache.levels.size(); ++i) {
    text += fmt::format(", L{} {} in {} ways", i + 1, size_text(cache.levels[i].size_bytes),
                        cache.levels[i].ways);
  }
  const std::string ways =
      cache.dca_ways == 0 ? "all ways" : fmt::format("{} ways", cache.dca_ways);
  return text + fmt::format(" ({}); DCA into {} of the last; ranks' frames come by {}\n",
                            name_of(cache.last_level), ways,
                            cache.links == measure::Links::dma ? "DMA" : "other cores");
}

std::string row(const DcaResult& result) {
  const auto ratio = result.ratio();
  return fmt::format(
      row_format, result.application, megabytes(result.inbound_bytes), megabytes(result.read_bytes),
      fmt::format("{:.4f}", result.per_inbound_byte(result.dca)),
      fmt::format("{:.4f}", result.per_inbound_byte(result.no_dca)),
      ratio ? fmt::format("{:.1f}", *ratio) : "-", megabytes(result.dca.first_read_bytes));
}

std::string warnings(const DcaStudy& study) {
  std::string text;
  for (const DcaResult& result : study.results) {
    if (result.dropped_events == 0) continue;
    text += fmt::format(
        "  {}: {} later events are missing (a trace holds {}) the figures are "
        "those of its beginning\n",
        result.application, result.dropped_events, most_trace_events);
  }
  return text;
}

std::string scheme_table(const DcaStudy& study) {
  std::string text = "receive buffers placed otherwise, all applications together\n";
  text += fmt::format(scheme_format, "", "DRAM bytes per", "inbound byte", "L2 misses");
  text += fmt::format(scheme_format, "scheme", "with DCA", "without", "per line copied in");
  for (const SchemeResult& scheme : study.schemes) {
    const std::uint64_t lines = scheme.received_bytes / measure::cache_line_bytes;
    text += fmt::format(scheme_format, scheme.scheme,
                        fmt::format("{:.4f}", per_byte(scheme.dca_bytes, scheme.inbound_bytes)),
                        fmt::format("{:.4f}", per_byte(scheme.no_dca_bytes, scheme.inbound_bytes)),
                        fmt::format("{:.3f}", per_byte(scheme.copied_misses, lines)));
  }
  return text;
}

/// The row of \p study for the same ranks and scheme in a last level of \p bytes.
const ManyRanksResult* in_cache(const DcaStudy& study, const ManyRanksResult& like,
                                std::uint64_t bytes) {
  const auto found =
      std::find_if(study.many_ranks.begin(), study.many_ranks.end(), [&](const auto& one) {
        return one.ranks == like.ranks && one.scheme == like.scheme &&
               one.last_level_bytes == bytes;
      });
  return found == study.many_ranks.end() ? nullptr : &*found;
}

std::string many_ranks_row(const DcaStudy& study, const ManyRanksResult& here) {
  const ManyRanksResult* const large = in_cache(study, here, paper_host_cache_bytes);
  const auto figure = [](const measure::SteadyTraffic& traffic) {
    return fmt::format("{:.4f}", traffic.per_inbound_byte());
  };
  return fmt::format(many_format, here.ranks, here.scheme, figure(here.dca), figure(here.no_dca),
                     large != nullptr ? figure(large->dca) : "-",
                     large != nullptr ? figure(large->no_dca) : "-");
}

std::string many_ranks_table(const DcaStudy& study) {
  if (study.many_ranks.empty()) return {};
  const std::uint64_t here = study.cache.levels.back().size_bytes;
  std::string text =
      "an engine with many ranks, scaled from engines with one: DRAM bytes per inbound byte once "
      "the caches are full\n";
  text += fmt::format(many_format, "", "", "L3 " + size_text(here), "",
                      "L3 " + size_text(paper_host_cache_bytes), "");
  text += fmt::format(many_format, "ranks", "buffers for their frames", "with DCA", "without",
                      "with DCA", "without");
  for (const ManyRanksResult& result : study.many_ranks) {
    if (result.last_level_bytes == here) text += many_ranks_row(study, result);
  }
  return text;
}

std::string check_text(const CrossCheck& check) {
  return fmt::format(
      "cross-check with cachegrind, {} lines touched: L1 misses {} against {}, L2 misses {} "
      "against "
      "{}; {:.2f} % apart\n",
      check.accesses, check.model_first_misses, check.cachegrind_first_misses, check.model_misses,
      check.cachegrind_misses, check.difference() * 100);
}

Json traffic_json(const DcaResult& result, const Traffic& traffic) {
  Json json;
  json["dram_bytes"] = traffic.dram_bytes();
  json["per_inbound_byte"] = result.per_inbound_byte(traffic);
  json["dram_read_bytes"] = traffic.dram_read_bytes;
  json["dram_write_bytes"] = traffic.dram_write_bytes;
  json["first_read_bytes"] = traffic.first_read_bytes;
  return json;
}

Json cache_json(const CacheOptions& cache) {
  Json json;
  json["line_bytes"] = measure::cache_line_bytes;
  json["levels"] = Json::array();
  for (const measure::CacheShape& shape : cache.levels) {
    json["levels"].push_back({{"bytes", shape.size_bytes}, {"ways", shape.ways}});
  }
  json["last_level"] = name_of(cache.last_level);
  json["dca_ways"] = cache.dca_ways == 0 ? cache.levels.back().ways : cache.dca_ways;
  json["links"] = name_of(cache.links);
  return json;
}

Json check_json(const CrossCheck& check) {
  return {{"model_misses", check.model_misses},
          {"cachegrind_misses", check.cachegrind_misses},
          {"difference", check.difference()},
          {"accesses", check.accesses},
          {"model_first_misses", check.model_first_misses},
          {"cachegrind_first_misses", check.cachegrind_first_misses}};
}

}  // namespace

std::string format_dca(const DcaStudy& study, const std::optional<CrossCheck>& check) {
  std::string text = setting(study);
  text += fmt::format(row_format, "", "inbound", "read by", "DRAM bytes per", "inbound byte", "",
                      "first touches");
  text += fmt::format(row_format, "application", "MB", "engine, MB", "with DCA", "without", "ratio",
                      "MB, with DCA");
  for (const DcaResult& result : study.results) text += row(result);
  text += warnings(study);
  text += scheme_table(study);
  text += many_ranks_table(study);
  if (check) text += check_text(*check);
  if (study.partial) text += "PARTIAL: stopped before all applications\n";
  return text;
}

Json dca_report(const DcaStudy& study, const std::optional<CrossCheck>& check,
                const Machine& machine, const std::vector<std::string>& command) {
  Json report;
  report["schema"] = "buddy.dca.v1";
  report["machine"] = machine.to_json();
  report["command"] = command;
  report["partial"] = study.partial;
  report["preset"] = study.preset;
  report["cache"] = cache_json(study.cache);
  report["results"] = Json::array();
  for (const DcaResult& result : study.results) {
    const auto ratio = result.ratio();
    report["results"].push_back({{"application", result.application},
                                 {"inbound_bytes", result.inbound_bytes},
                                 {"received_bytes", result.received_bytes},
                                 {"read_bytes", result.read_bytes},
                                 {"dropped_events", result.dropped_events},
                                 {"dca", traffic_json(result, result.dca)},
                                 {"no_dca", traffic_json(result, result.no_dca)},
                                 {"ratio", ratio ? Json(*ratio) : Json(nullptr)}});
  }
  report["buffer_schemes"] = Json::array();
  for (const SchemeResult& scheme : study.schemes) {
    const std::uint64_t lines = scheme.received_bytes / measure::cache_line_bytes;
    report["buffer_schemes"].push_back(
        {{"scheme", scheme.scheme},
         {"dca_per_inbound_byte", per_byte(scheme.dca_bytes, scheme.inbound_bytes)},
         {"no_dca_per_inbound_byte", per_byte(scheme.no_dca_bytes, scheme.inbound_bytes)},
         {"copied_l2_misses_per_line", per_byte(scheme.copied_misses, lines)}});
  }
  report["many_ranks"] = Json::array();
  for (const ManyRanksResult& result : study.many_ranks) {
    report["many_ranks"].push_back({{"ranks", result.ranks},
                                    {"scheme", result.scheme},
                                    {"last_level_bytes", result.last_level_bytes},
                                    {"inbound_bytes", result.dca.inbound_bytes},
                                    {"dca_per_inbound_byte", result.dca.per_inbound_byte()},
                                    {"no_dca_per_inbound_byte", result.no_dca.per_inbound_byte()}});
  }
  report["cross_check"] = check ? check_json(*check) : Json(nullptr);
  return report;
}

}  // namespace buddy::tools
