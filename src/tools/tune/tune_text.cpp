// What a search found, for people: see tune_report.hpp.
#include <fmt/format.h>

#include "launch/plan_routes.hpp"
#include "measure/verdict.hpp"
#include "tools/tune/tune_report.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

std::string words(const measure::RatioInterval& ratio) {
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", ratio.estimate, ratio.low, ratio.high);
}

std::string words(const measure::Spread& seconds) {
  return fmt::format("{:.4g} ({:.4g} to {:.4g})", seconds.median, seconds.min, seconds.max);
}

std::string size_words(std::uint32_t bytes) {
  return bytes % 1024 == 0 ? fmt::format("{}K", bytes / 1024) : fmt::format("{}", bytes);
}

std::string row(const TuneSetting& setting, const std::string& seconds, const std::string& rest) {
  return fmt::format("  {:>8} {:>6} {:>9} {:>8}  {:<28} {}\n", size_words(setting.block_bytes),
                     setting.ring_blocks, setting.workers, setting.hold_us, seconds, rest);
}

std::string row(const TuneTrial& trial) {
  std::vector<double> seconds;
  for (const TunePair& pair : trial.pairs) seconds.push_back(pair.other_seconds);
  const std::string time = seconds.empty() ? "-" : words(measure::spread_of(seconds));
  switch (trial.outcome) {
    case TuneTrial::Outcome::failed: return row(trial.setting, time, "refused: " + trial.why);
    case TuneTrial::Outcome::better:
      return row(trial.setting, time, words(*trial.ratio) + "  better");
    case TuneTrial::Outcome::not_better: return row(trial.setting, time, words(*trial.ratio));
    case TuneTrial::Outcome::unfinished: break;
  }
  return row(trial.setting, time, (trial.ratio ? words(*trial.ratio) : "-") + "  not finished");
}

std::string subject(const TuneReport& report) {
  return fmt::format("{} in placement {}{}", report.workload,
                     launch::to_string(report.plan.placement),
                     report.plan.dpu ? " (an emulation)" : "");
}

std::string table(const TuneReport& report) {
  const TuneResult& result = report.result;
  const Routing routing = launch::planned_map(report.plan).routing;
  std::string text = fmt::format(
      "{}: {} rank(s), {} node(s), fabric {}{}\n", subject(report), report.plan.ranks,
      report.plan.nodes, report.plan.fabric,
      routing == Routing::direct ? "" : fmt::format(", routing {}", wire::to_string(routing)));
  for (const TuneKnob& knob : report.knobs.knobs) {
    if (!knob.why_not.empty()) {
      text += fmt::format("  {} is not turned: {}\n", knob.option, knob.why_not);
    }
  }
  text += fmt::format("  {:>8} {:>6} {:>9} {:>8}  {:<28} {}\n", "--block", "--ring", "--workers",
                      "--hold", "seconds", "times as fast as the best so far");
  text += row(result.usual, words(seconds_of(result.usual, result)), "the defaults");
  int sweep = 1;
  for (const TuneTrial& trial : result.trials) {
    if (trial.sweep != sweep) {
      sweep = trial.sweep;
      text += fmt::format("  around {}:\n", options_text(trial.against, result.usual));
    }
    text += row(trial);
  }
  return text;
}

/// How the search ended, if not by itself.
std::string end_words(const TuneResult& result) {
  if (!result.stopped.empty()) return " It was stopped before its end.";
  return result.out_of_time ? " The time limit came before all neighbours were tried." : "";
}

std::string found_words(const TuneReport& report) {
  const TuneResult& result = report.result;
  const std::string best = options_text(result.best, result.usual);
  const auto others = static_cast<int>(result.trials.size());
  if (result.best == result.usual) {
    return fmt::format(
        "The defaults are best for {}: none of {} other setting(s) is faster by more than the "
        "noise.",
        subject(report), others);
  }
  if (!result.final || result.final->outcome == TuneTrial::Outcome::unfinished) {
    return fmt::format("{} is the best so far for {}, and has not been confirmed.", best,
                       subject(report));
  }
  const measure::RatioInterval& gain = *result.final->ratio;
  if (result.final->outcome == TuneTrial::Outcome::better) {
    return fmt::format(
        "{} is {:.2f} times as fast with {} as with the defaults ({:.2f} to {:.2f}).",
        subject(report), gain.estimate, best, gain.low, gain.high);
  }
  return fmt::format(
      "The defaults are as good as any for {}: {} was the fastest of {} other setting(s), and in "
      "fresh pairs {:.2f} times as fast ({:.2f} to {:.2f}).",
      subject(report), best, others, gain.estimate, gain.low, gain.high);
}

}  // namespace

std::string tune_answer(const TuneReport& report) {
  const TuneResult& result = report.result;
  std::string text = found_words(report) + end_words(result);
  if (const auto doubt = measure::doubt_length(seconds_of(result.usual, result).median)) {
    text += fmt::format(" In doubt: {}.", doubt->text);
  }
  return text;
}

std::string format_tune(const TuneReport& report) {
  const TuneResult& result = report.result;
  std::string text = table(report);
  if (result.final && result.final->ratio) {
    text += fmt::format("  {} against the defaults, {} fresh pairs: {} times as fast\n",
                        options_text(result.best, result.usual), result.final->pairs.size(),
                        words(*result.final->ratio));
  }
  const std::string options = options_text(result.recommended(), result.usual);
  text += fmt::format("  options to type: {}\n", options.empty() ? "none" : options);
  return text + tune_answer(report) + "\n";
}

}  // namespace buddy::tools
