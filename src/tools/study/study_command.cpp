// buddy study: the paper's study, step by step.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "launch/process/process.hpp"
#include "tools/command/command.hpp"
#include "tools/command/command_texts.hpp"
#include "tools/study/duration.hpp"
#include "tools/study/step_runner.hpp"
#include "tools/study/study_files.hpp"

namespace buddy::tools {
namespace {

struct StudyOptions {
  std::string out;
  std::string render;
  std::string steps;
  bool list = false;
  StudySetup setup;
  std::vector<std::pair<std::string, Option>> of_runs;  ///< what --render has no use for
};

int refuse(const Status& status) {
  return complain("study", status.message(),
                  status.code() == ErrorCode::invalid_argument ? usage_error : 1);
}

/// Where what has been written is.
void say_where(const StudyFolder& folder) {
  std::error_code error;
  for (const auto& [what, file] :
       {std::pair("tables", folder.text_file()), std::pair("pictures", folder.page_file())}) {
    if (std::filesystem::exists(file, error)) fmt::print("{}: {}\n", what, file);
  }
}

/// The study in the folder, or one that begins now.
Result<StudyRecord> record_of(const StudyFolder& folder, const StudySetup& setup,
                              const std::vector<std::string>& command) {
  const std::string programs = std::filesystem::path(launch::self_path()).parent_path().native();
  const StudyRecord now = new_record(command, setup, programs);
  if (!folder.has_record()) return now;
  auto record = folder.read_record();
  if (!record.ok()) return record;
  if (Status status = check_same_study(folder.path(), record.value(), now); !status.ok()) {
    return status;
  }
  return record;
}

std::string duration_column(const StudyStep& step, const StudyRecord& record, bool done) {
  const auto run = record.runs.find(step.name);
  if (!done || run == record.runs.end()) return "about " + format_duration(step.expected_s);
  return format_duration(run->second.seconds);
}

int list_steps(const StudyFolder& folder, const StudyRecord& record,
               const std::vector<StudyStep>& steps) {
  double left_s = 0;
  for (const StudyStep& step : steps) {
    const StepReport report = folder.read_report(step, record);
    const bool done = report.state == StepState::done;
    if (!done) left_s += step.expected_s;
    fmt::print("{:<24} {:<9} {:>12}  {}\n", step.name, to_string(report.state),
               duration_column(step, record, done), step.what);
    if (!report.why.empty()) fmt::print("{:<24} {}\n", "", one_line(report.why));
  }
  fmt::print("about {} to go\n", format_duration(left_s));
  return 0;
}

/// \param root of all commands of this buddy
StudyAbilities abilities_of(const CommandText& root) {
  StudyAbilities abilities{.has_sizes = false};
  for (const CommandText* command : all_commands(root)) {
    if (command->name != "buddy bench") continue;
    for (const OptionText& option : command->options) {
      const auto& names = option.names;
      if (std::find(names.begin(), names.end(), "--size") != names.end()) {
        abilities.has_sizes = true;
      }
    }
  }
  return abilities;
}

int render(const StudyOptions& options, const StudyAbilities& abilities) {
  const auto given = std::find_if(options.of_runs.begin(), options.of_runs.end(),
                                  [](const auto& one) { return one.second.given(); });
  if (given != options.of_runs.end()) {
    return complain(
        "study",
        fmt::format("{} means nothing for --render (it runs no step) leave it out", given->first),
        usage_error);
  }
  const StudyFolder folder(options.render);
  UniqueFd lock;
  if (folder.has_record()) {
    if (Status status = folder.begin(lock); !status.ok()) return refuse(status);
  }
  const auto record = folder.read_record();
  if (!record.ok()) return refuse(record.status());
  const Status written =
      write_study_files(folder, record.value(), study_steps(record.value().setup, abilities));
  if (!written.ok()) return complain("study", written.message());
  say_where(folder);
  return 0;
}

int run(const StudyOptions& options, const StudyAbilities& abilities, const ExtraWords& words) {
  if (!options.render.empty()) return render(options, abilities);
  if (options.out.empty()) {
    return complain(
        "study", "there is no folder for the study (--out is missing) name one, like --out study",
        usage_error);
  }
  const auto setup = complete_setup(options.setup, allowed_cpus());
  if (!setup.ok()) return refuse(setup.status());
  StudyRun study{.program = launch::self_path(),
                 .folder = StudyFolder(options.out),
                 .record = {},
                 .all = study_steps(setup.value(), abilities),
                 .chosen = {}};
  auto chosen = choose_steps(study.all, options.steps);
  if (!chosen.ok()) return refuse(chosen.status());
  study.chosen = std::move(chosen.value());
  UniqueFd lock;  // before the record is read, which another study may be writing
  if (!options.list) {
    if (Status status = study.folder.begin(lock); !status.ok()) return refuse(status);
  }
  auto record = record_of(study.folder, setup.value(), words.command);
  if (!record.ok()) return refuse(record.status());
  study.record = std::move(record.value());
  if (options.list) return list_steps(study.folder, study.record, study.chosen);
  if (Status status = study.folder.check_room(); !status.ok()) return refuse(status);
  const int code = run_study(study, stdout);
  say_where(study.folder);
  return code;
}

/// Those that describe the jobs, which the steps pass to their commands.
void add_setup_options(Parser app, StudySetup& setup) {
  app.add_option("-n,--ranks", setup.ranks,
                 "ranks (default: one per host CPU, but at least one per node)")
      .range(1, 1'000'000)
      .type_name("RANKS");
  app.add_option("--nodes", setup.nodes, "nodes to split them into (default: 2)")
      .range(1, 1'000'000)
      .type_name("N");
  app.add_option("--fabric", setup.fabric,
                 "what carries messages between nodes: shm or ucx (default: ucx)")
      .type_name("FABRIC");
  app.add_option("--host-cpus", setup.host_cpus,
                 "CPUs for the ranks (default: all but the engines')")
      .type_name("LIST");
  app.add_option("--engine-cpus", setup.engine_cpus,
                 "CPUs for the engines (default: the last one; of four or more, one per node)")
      .type_name("LIST");
  app.add_option("--dpu", setup.dpu, "the emulated DPU (default: bluefield3)")
      .type_name("PRESET|FIGURES");
  app.add_option("--repeat", setup.repeat,
                 "runs of each placement that count (default: 7; with --quick: 2)")
      .range(1, 10'000)
      .type_name("K");
  app.add_option("--dram", setup.dram,
                 "how memory traffic is measured (default: auto; with --quick: none)")
      .type_name("METHOD");
}

}  // namespace

Command add_study_command(Parser parent) {
  auto options = std::make_shared<StudyOptions>();
  Parser app =
      add_command(parent, {.name = "study",
                           .usage = "buddy study --out DIR [OPTIONS], or --render DIR",
                           .description = "repeat the paper's study: all its tables and pictures"});
  app.add_option("--out", options->out, "folder of the study; one that is there is gone on with")
      .type_name("DIR");
  app.add_option("--render", options->render,
                 "write the tables and pictures of the study in this folder again, measure nothing")
      .type_name("DIR");
  app.add_option("--steps", options->steps, "steps to run, like paper-cache,slow-* (default: all)")
      .type_name("LIST");
  app.add_flag("--list", options->list, "show the steps and their state, run none");
  app.add_flag("--quick", options->setup.quick,
               "small and few: see in minutes that everything works; not for quoting");
  add_setup_options(app, options->setup);
  app.footer(
      "Takes hours on an otherwise idle machine. After Ctrl-C the same command goes on.\n"
      "Example: on two CPUs, the ranks on the first, the engines on the second\n"
      "  buddy study --out study --list\n"
      "  buddy study --out study");
  for (const char* name :
       {"--out", "--steps", "--list", "--quick", "--ranks", "--nodes", "--fabric", "--host-cpus",
        "--engine-cpus", "--dpu", "--repeat", "--dram"}) {
    options->of_runs.emplace_back(name, app.get_option(name));
  }
  return {app, [options, parent](const ExtraWords& words) {
            return run(*options, abilities_of(texts_of(parent)), words);
          }};
}

}  // namespace buddy::tools
