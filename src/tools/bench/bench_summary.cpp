#include "tools/bench/bench_summary.hpp"

#include <algorithm>
#include <cmath>

#include "tools/bench/bench_verdict.hpp"
#include "tools/report/json.hpp"
#include "tools/report/verdict_json.hpp"

namespace buddy::tools {
namespace {

/// In the order of their pairs.
std::vector<Record> records_of(const std::vector<Record>& records, Contender contender) {
  std::vector<Record> found;
  std::copy_if(records.begin(), records.end(), std::back_inserter(found),
               [&](const Record& record) { return record.step.contender == contender; });
  return found;
}

std::vector<double> seconds_of(const std::vector<Record>& records, Contender contender) {
  std::vector<double> seconds;
  for (const Record& record : records_of(records, contender)) seconds.push_back(record.seconds());
  return seconds;
}

/// Over a figure that may be unknown; unknown in one run is unknown altogether.
template <class Figure>
std::optional<measure::Spread> spread_if_known(const std::vector<Record>& records, Figure figure) {
  std::vector<double> values;
  for (const Record& record : records) {
    const std::optional<double> value = (record.*figure)();
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return measure::spread_of(std::move(values));
}

/// Seconds of one contender over another's, pair by pair; empty unless both ran.
std::vector<double> ratios_of(const std::vector<Record>& records, Contender above,
                              Contender below) {
  const auto above_seconds = seconds_of(records, above);
  const auto below_seconds = seconds_of(records, below);
  if (above == below || above_seconds.size() != below_seconds.size()) return {};
  return measure::ratios(above_seconds, below_seconds);
}

std::optional<measure::Spread> compare(const std::vector<Record>& records, Contender above,
                                       Contender below) {
  auto ratios = ratios_of(records, above, below);
  return ratios.empty() ? std::nullopt : std::optional(measure::spread_of(std::move(ratios)));
}

/// Times that the workload itself measured, such as that of an empty barrier.
std::map<std::string, measure::Spread> times_us_of(const std::vector<Record>& records) {
  std::map<std::string, std::vector<double>> times;
  for (const Record& record : records) {
    const Json details = record.measured->value("details", Json::object());
    for (const auto& [name, value] : details.items()) {
      if (name.ends_with("_us") && value.is_number()) times[name].push_back(value.get<double>());
    }
  }
  std::map<std::string, measure::Spread> spreads;
  for (auto& [name, values] : times) spreads[name] = measure::spread_of(std::move(values));
  return spreads;
}

ContenderSummary summarize_contender(const std::vector<Record>& records, Contender contender) {
  const std::vector<Record> own = records_of(records, contender);
  std::vector<double> rates;
  for (const Record& record : own) rates.push_back(record.rate_per_rank());
  return {.contender = contender,
          .seconds = measure::spread_of(seconds_of(records, contender)),
          .rate_per_rank = measure::spread_of(std::move(rates)),
          .host_ns_per_message = spread_if_known(own, &Record::host_ns_per_message),
          .host_system_ns_per_message = spread_if_known(own, &Record::host_system_ns_per_message),
          .engine_records_rate = spread_if_known(own, &Record::engine_records_rate),
          .engine_work_rate = spread_if_known(own, &Record::engine_work_rate),
          .host_cpu_utilization = spread_if_known(own, &Record::host_cpu_utilization),
          .engine_cpu_utilization = spread_if_known(own, &Record::engine_cpu_utilization),
          .times_us = times_us_of(own),
          .ratio_to_alltoallv = compare(records, Contender::alltoallv, contender)};
}

Json json_of(const measure::Spread& spread) {
  return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}};
}

Json json_of(const std::optional<measure::Spread>& spread) {
  return spread ? json_of(*spread) : Json(nullptr);
}

Json json_of(const ContenderSummary& contender) {
  return {{"seconds", json_of(contender.seconds)},
          {"million_messages_per_s_per_rank", json_of(contender.rate_per_rank)},
          {"host_cpu_ns_per_message", json_of(contender.host_ns_per_message)},
          {"host_system_ns_per_message", json_of(contender.host_system_ns_per_message)},
          {"engine_million_records_per_cpu_s", json_of(contender.engine_records_rate)},
          {"engine_million_records_per_work_s", json_of(contender.engine_work_rate)},
          {"host_cpu_utilization", json_of(contender.host_cpu_utilization)},
          {"engine_cpu_utilization", json_of(contender.engine_cpu_utilization)},
          {"ratio_to_alltoallv", json_of(contender.ratio_to_alltoallv)}};
}

/// An interval without ends is none.
Json json_of_end(double end) { return std::isfinite(end) && end > 0 ? Json(end) : Json(nullptr); }

Json json_of(const ComparedPair& pair) {
  const measure::Comparison& figures = pair.figures;
  return {{"of", figures.of},
          {"over", figures.over},
          {"speedup", figures.speedup.estimate},
          {"low", json_of_end(figures.speedup.low)},
          {"high", json_of_end(figures.speedup.high)},
          {"level", figures.level},
          {"median", pair.ratios.median},
          {"min", pair.ratios.min},
          {"max", pair.ratios.max},
          {"pairs", figures.pairs},
          {"outcome", measure::to_string(pair.verdict.outcome)},
          {"text", pair.verdict.text}};
}

Json json_of(const Noise& noise) {
  return {{"runs", noise.runs.empty() ? Json::object() : Json(noise.runs)},
          {"pairs", or_null(noise.pairs)},
          {"cpu_share", or_null(noise.cpu_share)}};
}

/// In this order the later one offloads more.
bool offloads_more(Contender a, Contender b) {
  const auto place = [](Contender contender) {
    return contender == Contender::alltoallv ? -1 : static_cast<int>(contender);
  };
  return place(a) > place(b);
}

std::vector<ComparedPair> compare_all(const Summary& summary, const std::vector<Record>& records,
                                      double quantile_level) {
  std::vector<ComparedPair> pairs;
  for (const ContenderSummary& of : summary.contenders) {
    for (const ContenderSummary& over : summary.contenders) {
      if (!offloads_more(of.contender, over.contender)) continue;
      const auto speedups = ratios_of(records, over.contender, of.contender);
      ComparedPair& pair = pairs.emplace_back(
          ComparedPair{of.contender, over.contender, {}, measure::spread_of(speedups), {}});
      pair.figures = {.of = to_string(of.contender),
                      .over = to_string(over.contender),
                      .pairs = static_cast<int>(speedups.size()),
                      .level = measure::interval_level,
                      .speedup = measure::ratio_interval(speedups, quantile_level),
                      .speedup_of_medians = over.seconds.median / of.seconds.median};
      pair.verdict =
          measure::judge(summary.workload, pair.figures, pair.is_offloading(), summary.doubts);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const ComparedPair& a, const ComparedPair& b) {
    return offloads_more(b.of, a.of) || (a.of == b.of && offloads_more(b.over, a.over));
  });
  return pairs;
}

/// engine over host if both ran, else the first in which routing is offloaded.
std::optional<ComparedPair> headline_of(const std::vector<ComparedPair>& pairs) {
  const auto find = [&](auto is_meant) -> std::optional<ComparedPair> {
    const auto found = std::find_if(pairs.begin(), pairs.end(), is_meant);
    return found == pairs.end() ? std::nullopt : std::optional(*found);
  };
  auto usual = find([](const ComparedPair& pair) {
    return pair.of == Contender::engine && pair.over == Contender::host;
  });
  return usual ? usual : find([](const ComparedPair& pair) { return pair.is_offloading(); });
}

Noise noise_of(const Summary& summary, const std::vector<Record>& records) {
  Noise noise;
  measure::CpuUse use;
  bool is_known = true;
  for (const Record& record : records) {
    const auto own = record.cpu_use();
    is_known = is_known && own;
    if (own) use = use + own->whole();
  }
  if (is_known) noise.cpu_share = use.share();
  if (summary.pairs < 2) return noise;
  for (const ContenderSummary& one : summary.contenders) {
    noise.runs[to_string(one.contender)] =
        measure::relative_deviation(seconds_of(records, one.contender));
  }
  if (const auto& headline = summary.speedup_offload) {
    noise.pairs = measure::relative_deviation(ratios_of(records, headline->over, headline->of));
  }
  return noise;
}

}  // namespace

bool ComparedPair::is_offloading() const {
  return is_offloaded(of) && of != Contender::shared &&
         (over == Contender::host || over == Contender::shared);
}

Json Summary::to_json() const {
  Json medians = Json::object();
  for (const ContenderSummary& contender : contenders) {
    medians[to_string(contender.contender)] = json_of(contender);
  }
  Json all = Json::array();
  for (const ComparedPair& pair : comparisons) all.push_back(json_of(pair));
  return {{"pairs", pairs},
          {"medians", std::move(medians)},
          {"speedup_offload", speedup_offload ? json_of(*speedup_offload) : Json(nullptr)},
          {"verdict", verdict ? json_of(*verdict) : Json(nullptr)},
          {"comparisons", std::move(all)},
          {"noise", json_of(noise)},
          {"doubts", json_of(doubts)}};
}

Summary summarize(const std::string& workload, const std::vector<Contender>& contenders,
                  const std::vector<Record>& records, double quantile_level) {
  Summary summary;
  summary.workload = workload;
  summary.pairs = static_cast<int>(records.size() / contenders.size());
  for (const Contender contender : contenders) {
    summary.contenders.push_back(summarize_contender(records, contender));
  }
  summary.doubts = doubts_about(contenders, records);
  summary.comparisons = compare_all(summary, records, quantile_level);
  summary.speedup_offload = headline_of(summary.comparisons);
  if (summary.speedup_offload) summary.verdict = summary.speedup_offload->verdict;
  summary.noise = noise_of(summary, records);
  return summary;
}

}  // namespace buddy::tools
