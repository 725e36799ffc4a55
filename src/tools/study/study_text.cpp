#include "tools/study/study_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/report/json.hpp"
#include "tools/study/duration.hpp"
#include "tools/study/expected_text.hpp"
#include "tools/study/markdown.hpp"
#include "tools/study/places_text.hpp"
#include "tools/study/study_figures.hpp"
#include "tools/study/turn_text.hpp"

namespace buddy::tools {
namespace {

std::string heading(const std::string& title) { return fmt::format("\n## {}\n\n", title); }

Json items(const Json& json, std::initializer_list<const char*> keys) {
  Json found = member(json, keys);
  return found.is_array() ? found : Json::array();
}

std::string setting(const Json& document) {
  const Json machine = member(document, {"machine"});
  const Json setup = member(document, {"setup"});
  const auto of = [](const Json& object, const char* key) {
    return markdown_text(member(object, {key}));
  };
  std::vector<MarkdownRow> rows = {
      {"machine", of(machine, "host_name") + ", " + of(machine, "cpu_model")},
      {"topology", of(machine, "topology")},
      {"kernel, compiler, MPI",
       of(machine, "kernel") + ", " + of(machine, "compiler") + ", " + of(machine, "mpi")},
      {"Buddy", of(machine, "buddy_version") + ", build " + of(document, "build")},
      {"ranks, nodes, fabric",
       of(setup, "ranks") + ", " + of(setup, "nodes") + ", " + of(setup, "fabric")},
      {"CPUs of the ranks, of the engines",
       of(setup, "host_cpus") + "; " + of(setup, "engine_cpus")},
      {"emulated DPU", of(setup, "dpu")},
      {"runs of each place", of(setup, "repeat")},
      {"memory traffic by", of(setup, "dram")}};
  return markdown_table({"", ""}, rows);
}

std::string emulation(const Json& figures) {
  std::vector<MarkdownRow> rows;
  for (const Json& one : items(figures, {"emulation"})) {
    rows.push_back({markdown_text(one["program"]),
                    markdown_interval(one["speedup"], one["low"], one["high"])});
  }
  return "An emulation that slows down nothing and delays nothing, against an engine: 1 means that "
         "it costs nothing.\n\n" +
         markdown_table({"application", "engine seconds / emulation seconds"}, rows);
}

std::string memory_traffic(const Json& figures) {
  std::vector<MarkdownRow> rows;
  for (const Json& one : items(figures, {"dca", "programs"})) {
    const Json first = one["dca_first_read_bytes"];
    const Json all = one["dca_dram_bytes"];
    const bool known = first.is_number() && all.is_number() && all.get<double>() > 0;
    rows.push_back({markdown_text(one["program"]), markdown_number(one["dca_per_inbound_byte"], 4),
                    markdown_number(one["no_dca_per_inbound_byte"], 2),
                    markdown_number(one["ratio"], 0),
                    known ? markdown_percent(first.get<double>() / all.get<double>()) : dash});
  }
  std::string text =
      "DRAM bytes of the engines per inbound byte, by a cache model, with and without Direct Cache "
      "Access (DCA). Lines that are read for the first time are memory that comes from the kernel, "
      "not traffic of messages.\n\n" +
      markdown_table({"application", "with DCA", "without", "ratio", "of it with DCA: first reads"},
                     rows);
  rows.clear();
  for (const Json& one : items(figures, {"dca", "many_ranks"})) {
    const Json last_level = member(one, {"last_level_bytes"});
    rows.push_back({markdown_text(member(one, {"ranks"})), markdown_text(member(one, {"scheme"})),
                    last_level.is_number()
                        ? fmt::format("{:.0f} MiB", last_level.get<double>() / (1 << 20))
                        : dash,
                    markdown_number(member(one, {"dca_per_inbound_byte"}), 4),
                    markdown_number(member(one, {"no_dca_per_inbound_byte"}), 2)});
  }
  return text +
         "\nThe same with the paper's numbers of ranks, under several schemes of buffers:\n\n" +
         markdown_table({"ranks", "buffers", "last-level cache", "with DCA", "without"}, rows);
}

std::string tuned(const Json& figures) {
  std::vector<MarkdownRow> rows;
  for (const Json& one : items(figures, {"tuned"})) {
    rows.push_back({markdown_text(one["step"]), markdown_text(member(one, {"report", "answer"}))});
  }
  return markdown_table({"step", "best options"}, rows);
}

/// \param accuracy as the model's report has it, or null
MarkdownRow accuracy_row(std::string what, const Json& accuracy) {
  const auto of = [&](const char* key) { return member(accuracy, {key}); };
  return {std::move(what),
          markdown_text(of("programs")),
          markdown_percent(of("median_error")),
          markdown_percent(of("worst_error")),
          markdown_percent(of("right_decided")),
          markdown_percent(of("held"))};
}

std::string predictions(const Json& figures) {
  const Json summary = member(figures, {"model", "summary"});
  std::vector<MarkdownRow> rows;
  if (summary.is_object()) {
    const auto add = [&](const char* what, std::initializer_list<const char*> keys) {
      const Json accuracy = member(summary, keys);
      if (accuracy.is_object()) rows.push_back(accuracy_row(what, accuracy));
    };
    add("physical model, applications it has not seen", {"physical"});
    add("learned model, likewise", {"learned"});
    add("physical model, outside the sweep", {"outside"});
    for (const Json& engine : items(summary, {"extrapolation", "engines"})) {
      const std::string slowdown = markdown_number(member(engine, {"slowdown"}), 1);
      for (const char* where : {"sweep", "outside"}) {
        rows.push_back(accuracy_row(
            fmt::format("extrapolated to an engine {} times as slow, {}", slowdown, where),
            member(engine, {where})));
      }
    }
  }
  return markdown_table({"", "programs", "median error", "worst", "right where measuring decides",
                         "within the interval"},
                        rows);
}

/// A word of a command line as a shell takes it.
std::string typed(const std::string& word) {
  return word.find(' ') == std::string::npos ? word : "'" + word + "'";
}

std::string steps(const Json& document) {
  std::vector<MarkdownRow> rows;
  for (const Json& step : items(document, {"steps"})) {
    std::vector<std::string> words;
    for (const Json& word : items(step, {"command"})) {
      words.push_back(typed(word.get<std::string>()));
    }
    const Json seconds = member(step, {"run", "seconds"});
    const auto load = [&](const char* key) {
      return markdown_number(member(step, {"run", key}), 2);
    };
    rows.push_back({markdown_text(member(step, {"name"})), markdown_text(member(step, {"state"})),
                    markdown_text(member(step, {"run", "started"})),
                    seconds.is_number() ? format_duration(seconds.get<double>()) : dash,
                    load("load_before") + ", " + load("load_after"),
                    markdown_code(fmt::format("{}", fmt::join(words, " ")))});
  }
  return "Each step is one command; its report is `steps/NAME.json`, what it printed "
         "`steps/NAME.txt`. Load is that of the machine, a minute's mean before and after.\n\n" +
         markdown_table({"step", "state", "started", "took", "load", "command"}, rows);
}

}  // namespace

std::string study_text(const Json& document) {
  const Json figures = member(document, {"figures"});
  std::string text = "# The paper's study, repeated\n\n";
  if (member(document, {"setup", "quick"}) == true) {
    text +=
        "**Not for quoting: a quick study, small and with few runs. It shows that everything "
        "works, not how fast it is.**\n\n";
  }
  if (member(document, {"partial"}) == true) {
    text += "This study is not complete: see [the steps](#steps).\n\n";
  }
  text +=
      "Speedups are seconds of one place / seconds of the other, with a 95 % interval. A dash is "
      "a figure that was not measured, or a speedup in doubt (its step's text says why). `dpu` is "
      "an engine on an emulated DPU.\n";
  text += heading("Method and machine") + setting(document);
  text += heading("Five applications in four places") + places_text(figures);
  text += heading("Where the sign turns") + turn_text(figures);
  text += heading("What was to be expected") + expected_text(figures);
  text += heading("What the emulation costs") + emulation(figures);
  text += heading("Granularity, pipelining, threads") + tuned(figures);
  text += heading("What the memory traffic is made of") + memory_traffic(figures);
  text += heading("How well it is predicted") + predictions(figures);
  text += heading("Steps") + steps(document);
  return text;
}

}  // namespace buddy::tools
