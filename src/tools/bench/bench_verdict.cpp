#include "tools/bench/bench_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/report/job_cpu_use.hpp"

namespace buddy::tools {
namespace {

using measure::CpuUse;
using measure::Outcome;

/// What all runs of a contender had, together.
struct Together {
  JobCpuUse job;
  CpuUse stolen;
  CpuUse throttled;
  std::vector<double> seconds;
};

Together together(const std::vector<Record>& records, Contender contender) {
  Together sum;
  for (const Record& record : records) {
    if (record.step.contender != contender) continue;
    sum.seconds.push_back(record.seconds());
    sum.job = sum.job + record.cpu_use().value_or(JobCpuUse());
    sum.stolen = sum.stolen + stolen_use(record.load.job);
    sum.throttled = sum.throttled + throttled_use(record.load.job);
  }
  return sum;
}

std::string list(const std::vector<std::string>& words) {
  if (words.size() < 2) return words.empty() ? std::string() : words.front();
  return fmt::format("{} and {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

/// Without a comparison.
std::string times_of(const std::vector<Summary>& summaries) {
  std::vector<std::string> times;
  for (const Summary& summary : summaries) {
    const ContenderSummary& first = summary.contenders.front();
    times.push_back(fmt::format("{} takes {:.3g} s ({})", summary.workload, first.seconds.median,
                                to_string(first.contender)));
  }
  return list(times) + "; nothing was compared with it.";
}

std::vector<std::string> names_of(const std::vector<const Summary*>& compared, Outcome outcome) {
  std::vector<std::string> names;
  for (const Summary* one : compared) {
    if (one->verdict->outcome == outcome) names.push_back(one->workload);
  }
  return names;
}

double speedup_of(const Summary& summary) {
  return summary.speedup_offload->figures.speedup.estimate;
}

/// "Offloading pays for 2 of 5 applications: a (1.50) and b (1.20); undecided for c, run longer; no
/// verdict on d."
std::string answer_of_many(std::vector<const Summary*> compared) {
  const std::vector<std::string> unknown = names_of(compared, Outcome::none);
  if (unknown.size() == compared.size()) {
    return measure::no_verdict(list(unknown), compared.front()->doubts);
  }
  std::stable_sort(compared.begin(), compared.end(), [](const Summary* a, const Summary* b) {
    return speedup_of(*a) > speedup_of(*b);
  });
  std::vector<std::string> gains;
  for (const Summary* one : compared) {
    if (one->verdict->outcome != Outcome::pays) continue;
    gains.push_back(fmt::format("{} ({:.2f})", one->workload, speedup_of(*one)));
  }
  const std::size_t all = compared.size();
  const std::vector<std::string> undecided = names_of(compared, Outcome::undecided);
  const std::vector<std::string> losses = names_of(compared, Outcome::does_not_pay);
  std::string text;
  if (!gains.empty()) {
    text = fmt::format("Offloading pays for {} of {} applications: {}", gains.size(), all,
                       list(gains));
  } else if (losses.size() == all) {
    text = fmt::format("Offloading pays for none of {} applications", all);
  } else if (!losses.empty()) {
    text = fmt::format("Offloading does not pay for {}", list(losses));
  }
  if (text.empty()) {
    text = fmt::format("Undecided whether offloading pays for {}, run longer", list(undecided));
  } else if (!undecided.empty()) {
    text += fmt::format("; undecided for {}, run longer", list(undecided));
  }
  if (!unknown.empty()) text += fmt::format("; no verdict on {}", list(unknown));
  return text + ".";
}

}  // namespace

measure::Doubts doubts_about(const std::vector<Contender>& contenders,
                             const std::vector<Record>& records) {
  RunQuality runs;
  for (const Contender contender : contenders) {
    const Together sum = together(records, contender);
    if (sum.job.whole().share() < runs.cpu.whole().share()) runs.cpu = sum.job;
    runs.stolen = runs.stolen + sum.stolen;
    runs.throttled = runs.throttled + sum.throttled;
    const double typical = measure::spread_of(sum.seconds).median;
    if (runs.seconds == 0 || typical < runs.seconds) runs.seconds = typical;
  }
  return tools::doubts_about(runs);
}

std::string bench_answer(const std::vector<Summary>& summaries) {
  if (summaries.empty()) return "Nothing was measured.";
  std::vector<const Summary*> compared;
  for (const Summary& summary : summaries) {
    if (summary.verdict) compared.push_back(&summary);
  }
  if (compared.empty()) return times_of(summaries);
  return compared.size() == 1 ? compared.front()->verdict->text : answer_of_many(compared);
}

}  // namespace buddy::tools
