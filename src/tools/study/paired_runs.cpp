#include "tools/study/paired_runs.hpp"

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "measure/statistics.hpp"
#include "tools/report/json.hpp"
#include "tools/study/study_figures.hpp"

namespace buddy::tools {
namespace {

constexpr std::array<std::string_view, 4> places = {"host", "shared", "engine", "dpu"};
constexpr std::size_t fewest_pairs_of_an_interval = 6;

/// Seconds of a place by the number of the turn.
using Turns = std::map<double, double>;

Turns turns_of(const Json& results, const std::string& workload, std::string_view place) {
  Turns turns;
  for (const Json& run : results) {
    const Json seconds = member(run, {"seconds"});
    const Json pair = member(run, {"pair"});
    const bool meant = member(run, {"workload"}) == workload && member(run, {"placement"}) == place;
    if (meant && pair.is_number() && seconds.is_number() && seconds.get<double>() > 0) {
      turns[pair.get<double>()] = seconds.get<double>();
    }
  }
  return turns;
}

Json compared(std::string_view of, std::string_view over, std::vector<double> ratios) {
  const std::size_t pairs = ratios.size();
  const auto spread = measure::spread_of(std::move(ratios));
  const bool has_interval = pairs >= fewest_pairs_of_an_interval;
  const char* outcome = !has_interval     ? "none"
                        : spread.min > 1  ? "pays"
                        : spread.max <= 1 ? "does_not_pay"
                                          : "undecided";
  return {{"of", of},
          {"over", over},
          {"speedup", spread.median},
          {"low", has_interval ? Json(spread.min) : Json(nullptr)},
          {"high", has_interval ? Json(spread.max) : Json(nullptr)},
          {"pairs", pairs},
          {"outcome", outcome}};
}

}  // namespace

Json compare_pairs(const Json& results, const std::string& workload) {
  Json all = Json::array();
  for (std::size_t of = 0; of < places.size(); ++of) {
    const Turns turns = turns_of(results, workload, places[of]);
    for (std::size_t over = 0; over < of; ++over) {
      std::vector<double> ratios;
      for (const auto& [pair, seconds] : turns_of(results, workload, places[over])) {
        const auto found = turns.find(pair);
        if (found != turns.end()) ratios.push_back(seconds / found->second);
      }
      if (!ratios.empty()) all.push_back(compared(places[of], places[over], std::move(ratios)));
    }
  }
  return all;
}

}  // namespace buddy::tools
