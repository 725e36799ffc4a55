// The document of `buddy bench model` for people.
#include <fmt/core.h>

#include "tools/predict/model_document.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

std::string number(const Json& value, int digits) {
  return value.is_number() ? fmt::format("{:.{}f}", value.get<double>(), digits) : "-";
}

std::string percent(const Json& value) {
  return value.is_number() ? fmt::format("{:.1f} %", value.get<double>() * 100) : "unknown";
}

const char* yes(const Json& value) {
  if (!value.is_boolean()) return "-";
  return value.get<bool>() ? "yes" : "no";
}

constexpr const char* row_format = "  {:<12} {:<6} {:>6} {:>8} {:>8}  {:<22} {:>9} {:>6}  {}\n";

std::string measured(const Json& speedup) {
  return fmt::format("{} [{}..{}]", number(speedup["median"], 2), number(speedup["min"], 2),
                     number(speedup["max"], 2));
}

std::string error_of(const Json& judged) {
  return fmt::format("{:.0f} %", judged["error"].get<double>() * 100);
}

std::string rows_of(const Json& result) {
  std::string text = fmt::format(
      row_format, result["application"].get<std::string>(), result["fabric"].get<std::string>(),
      result["work"].get<std::uint64_t>(), number(result["payload_bytes"], 0),
      number(result["ratio"], 1), measured(result["speedup"]), number(result["predicted"], 2),
      error_of(result),
      fmt::format("{}, {}, {}{}", yes(result["pays_measured"]), yes(result["pays_physical"]),
                  yes(result["pays_rule"]), result["outside"] == true ? "  (outside)" : ""));
  for (const Json& emulated : result["emulated"]) {
    text += fmt::format(
        row_format, "", "", "", "", fmt::format("x {}", number(emulated["slowdown"], 1)),
        measured(emulated["speedup"]), number(emulated["predicted"], 2), error_of(emulated),
        fmt::format("{}, {}", yes(emulated["pays_measured"]), yes(emulated["pays_physical"])));
  }
  return text;
}

/// "median error 4.9 %, worst 30.0 %; right decisions 74.3 %, 96.6 % of the 29 decided; 92.9 % in
/// their interval"
std::string words_of(const Json& accuracy) {
  return fmt::format(
      "median error {}, worst {}; right decisions {}, {} of the {} programs that measuring decides "
      "(95 % interval); in their interval {}\n",
      percent(accuracy["median_error"]), percent(accuracy["worst_error"]),
      percent(accuracy["right"]), percent(accuracy["right_decided"]),
      accuracy["decided"].get<std::size_t>(), percent(accuracy["held"]));
}

std::string repeated_text(const Json& summary) {
  std::string text = fmt::format(
      "measured speedups of a program: (max - min) / median is {:.0f} % in the middle of all\n",
      summary["measured_spread"].get<double>() * 100);
  const Json& repeated = summary["repeated"];
  if (!repeated["same_decision"].is_number()) return text;
  return text + fmt::format(
                    "measured twice, by the two halves of the pairs: median difference {}, worst "
                    "{}, the same decision {}\n",
                    percent(repeated["median_error"]), percent(repeated["worst_error"]),
                    percent(repeated["same_decision"]));
}

std::string learned_text(const Json& report) {
  const Json& learned = report["fitted"]["learned"];
  if (learned.is_null()) {
    return "learned model: there is none (built without libsvm, or fewer than ten programs)\n";
  }
  return fmt::format("learned model ({}) on top of it, judged likewise: {}\n  {}",
                     learned["library"].get<std::string>(),
                     learned["offered"].get<bool>()
                         ? "better, so `buddy predict` offers it"
                         : "not better, so `buddy predict` does not offer it",
                     words_of(report["summary"]["learned"]));
}

std::string rule_text(const Json& rule) {
  if (!rule["right"].is_number()) {
    return "rule of the memory-to-communication ratio: memory traffic was not measured\n";
  }
  return fmt::format(
      "rule of the memory-to-communication ratio: threshold {:.2f}\n"
      "  right decisions {}; {} of those programs\n",
      rule["threshold"].get<double>(), percent(rule["right"]), percent(rule["right_decided"]));
}

std::string extrapolation_text(const Json& all) {
  if (all.is_null()) return {};
  std::string text =
      "emulated DPUs, predicted by the physical model that was fitted on the normal engine\n";
  for (const Json& engine : all["engines"]) {
    text += fmt::format("  slowed down {} times: {}", number(engine["slowdown"], 1),
                        words_of(engine["sweep"]));
  }
  text += "  all of them: " + words_of(all["sweep"]);
  if (all["outside"]["programs"] != 0) {
    text += "  outside the sweep: " + words_of(all["outside"]);
  }
  return text;
}

std::string missing_text(const Json& report) {
  if (report["partial"] == false) return {};
  const Json& missing = report["missing"];
  if (missing.empty()) return "PARTIAL: stopped before all programs\n";
  std::string text = fmt::format("PARTIAL: {} program(s) are missing\n", missing.size());
  for (const Json& one : missing) {
    std::string words = one["application"].get<std::string>();
    for (const Json& option : one["options"]) words += ' ' + option.get<std::string>();
    text += fmt::format("  {} over {}: {}\n", words, one["fabric"].get<std::string>(),
                        one["why"].get<std::string>());
  }
  return text;
}

}  // namespace

std::string format_model(const Json& report) {
  std::string text =
      fmt::format(row_format, "application", "fabric", "work", "bytes", "ratio",
                  "speedup [min..max]", "predicted", "error", "pays: is, says, rule");
  for (const Json& result : report["results"]) text += rows_of(result);
  const Json& summary = report["summary"];
  text += repeated_text(summary);
  text += "physical model, each application predicted by a fit on the others:\n  " +
          words_of(summary["physical"]);
  if (summary["outside"]["programs"] != 0) {
    text += "  outside the sweep: " + words_of(summary["outside"]);
  }
  text += learned_text(report);
  text += rule_text(summary["rule"]);
  text += extrapolation_text(summary["extrapolation"]);
  text += missing_text(report);
  return text;
}

}  // namespace buddy::tools
