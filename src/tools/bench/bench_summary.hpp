// Medians and comparisons over the runs of one workload.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/statistics.hpp"
#include "measure/verdict.hpp"
#include "tools/bench/bench_record.hpp"

namespace buddy::tools {

/// One contender's figures; those that were not measured are absent.
struct ContenderSummary {
  Contender contender = Contender::host;
  measure::Spread seconds;
  measure::Spread rate_per_rank;  ///< million messages/s
  std::optional<measure::Spread> host_ns_per_message;
  std::optional<measure::Spread> host_system_ns_per_message;  ///< of it, the kernel's part
  std::optional<measure::Spread> engine_records_rate;  ///< million records/s of engine CPU time
  std::optional<measure::Spread> engine_work_rate;     ///< ... without idle polling
  std::optional<measure::Spread> host_cpu_utilization;
  std::optional<measure::Spread> engine_cpu_utilization;
  std::map<std::string, measure::Spread>
      times_us;  ///< details of the workload whose names end in _us
  std::optional<measure::Spread> ratio_to_alltoallv;  ///< alltoallv seconds / seconds, pair by pair
};

/// Two contenders, the one that offloads more over the other.
struct ComparedPair {
  Contender of = Contender::engine;
  Contender over = Contender::host;
  measure::Comparison figures;
  measure::Spread ratios;  ///< seconds of over / seconds of of, pair by pair
  measure::Verdict verdict;

  bool is_offloading() const;
};

/// By how much the machine makes runs differ.
struct Noise {
  std::map<std::string, double> runs;  ///< of each contender, as a part of the time; of two or more
  std::optional<double> pairs;         ///< of the ratios of the headline
  std::optional<double> cpu_share;     ///< what all runs got of the CPU time that they asked for
};

struct Summary {
  std::string workload;
  int pairs = 0;
  std::vector<ContenderSummary> contenders;
  std::vector<ComparedPair> comparisons;        ///< every two contenders
  std::optional<ComparedPair> speedup_offload;  ///< the one that the headline is about
  std::optional<measure::Verdict> verdict;      ///< if there is a speedup
  measure::Doubts doubts;                       ///< whatever was compared
  Noise noise;

  Json to_json() const;
};

/// \pre \p records holds the same number of runs of each contender, at least one, none a warm-up
/// \param quantile_level of a single interval: more than interval_level if it is one of several
/// looks at runs that go on until there is a verdict
Summary summarize(const std::string& workload, const std::vector<Contender>& contenders,
                  const std::vector<Record>& records,
                  double quantile_level = measure::interval_level);

}  // namespace buddy::tools
