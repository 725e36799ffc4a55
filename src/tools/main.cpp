// The command `buddy`.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <buddy_config.hpp>
#include <filesystem>

#include "arena/job_dir.hpp"
#include "launch/exec_rank.hpp"
#include "tools/bench/paper_suite.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/command/checked_streams.hpp"
#include "tools/command/command.hpp"
#include "tools/command/command_line.hpp"
#include "tools/command/early_start.hpp"
#include "tools/command/slips.hpp"
#include "tools/dca/dca_cross_check.hpp"

namespace buddy::tools {
namespace {

/// Words that are left over would be ignored silently.
int refuse_extra_words(const Command& command, const ExtraWords& words) {
  if (words.after_dashes.empty()) return 0;
  const std::string name = command.app.get_name();
  return complain(name,
                  fmt::format("'{}' is too much (this command runs no program) leave out what "
                              "follows --",
                              words.after_dashes[0]),
                  usage_error);
}

int complain_about(const Slip& slip) {
  fmt::print(stderr, "buddy{}{}: {}\n", slip.command.empty() ? "" : " ", slip.command,
             one_line(slip.message));
  return usage_error;
}

std::string own_folder() {
  return std::filesystem::path(launch::self_path()).parent_path().native();
}

/// The parser that knows the options of a line that begins with "bench".
Parser bench_parser(Parser bench, const std::vector<std::string>& own) {
  const auto parts = bench.app().get_subcommands(
      [&](CLI::App* part) { return own.size() > 1 && part->get_name() == own[1]; });
  return parts.empty() ? bench : Parser(*parts.front());
}

/// What --help and --version ask for.
int print_help(const CLI::App& app, const CLI::ParseError& asked) {
  const bool version = dynamic_cast<const CLI::CallForVersion*>(&asked) != nullptr;
  fmt::print("{}", version ? std::string(asked.what()) + "\n" : app.help());
  return 0;
}

/// "help bench dca" is "bench dca --help". \return what is wrong with the words after "help"
std::optional<Slip> take_help(const Parser& parser, std::vector<std::string>& own) {
  const auto is_help = [](const std::string& word) { return word == "-h" || word == "--help"; };
  if (std::any_of(own.begin(), own.end(), is_help)) return std::nullopt;
  own.erase(own.begin());
  if (!own.empty() && find_workload(own_folder(), own.back()).ok()) {
    return Slip{"help", fmt::format("'{0}' is a workload (it explains itself) type: buddy-{0} "
                                    "--help",
                                    own.back())};
  }
  if (const auto slip = find_help_slip(parser, own)) return slip;
  own.emplace_back("--help");
  return std::nullopt;
}

int dispatch(const std::vector<std::string>& words) {
  CLI::App app(
      "Messages between the ranks of an MPI program, routed by the ranks themselves or by "
      "an engine next to the network");
  app.name("buddy");
  app.set_version_flag("-v,-V,--version", BUDDY_VERSION " (" BUDDY_MPI_FLAVOUR ")");
  app.require_subcommand(1);
  app.footer(
      "Example: two ranks and an engine\n"
      "  buddy run -n 2 --placement engine -- ./program\n"
      "Every command has --help.");
  const Parser parser(app);
  const Command bench = add_bench_command(parser);
  // What is part of another command comes first: both count as parsed.
  const std::vector<Command> commands = {
      add_bench_tune_command(bench.app), add_bench_model_command(bench.app),
      add_bench_dca_command(bench.app),  add_bench_scale_command(bench.app),
      add_run_command(parser),           bench,
      add_profile_command(parser),       add_predict_command(parser),
      add_study_command(parser),         add_calibrate_command(parser),
      add_stat_command(parser),          add_doctor_command(parser),
      add_engine_command(parser),        add_help_command(parser),
      add_completion_command(parser),    add_man_command(parser)};
  SplitLine line = split_at_dashes(words);
  line.extra.command = words;
  line.extra.command.insert(line.extra.command.begin(), "buddy");
  if (!line.own.empty() && line.own[0] == "help") {
    if (const auto slip = take_help(parser, line.own)) return complain_about(*slip);
  }
  const std::string name = line.own.empty() ? "" : line.own[0];
  const bool is_bench = name == "bench";
  // The sweep of models and simulations have no options of workloads.
  const bool no_workload =
      line.own.size() > 1 && (line.own[1] == "model" || line.own[1] == "scale");
  if (is_bench && !no_workload) {
    take_unknown_options(line, bench_parser(bench.app, line.own), [&](const std::string& word) {
      return word == paper_suite_name || find_workload(own_folder(), word).ok();
    });
  }
  if (const auto slip = find_slip(parser, line.own)) return complain_about(*slip);
  try {
    // CLI11 wants the words backwards.
    app.parse(std::vector<std::string>(line.own.rbegin(), line.own.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return print_help(app, error);
    return complain_about({command_in(parser, line.own), error.what()});  // about a value
  }
  const auto chosen = std::find_if(commands.begin(), commands.end(),
                                   [](const Command& command) { return command.app.parsed(); });
  const bool runs_program = name == "run" || name == "profile";
  if (!is_bench && !runs_program) {
    if (const int refused = refuse_extra_words(*chosen, line.extra)) return refused;
  }
  return chosen->run(line.extra);
}

int run_main(const std::vector<std::string>& words) {
  if (!words.empty() && words[0] == "exec-rank") {
    const SplitLine line = split_at_dashes(words);
    if (line.extra.after_dashes.empty()) {
      return complain("exec-rank",
                      "there is no program to run (this command is internal) use `buddy "
                      "run`",
                      usage_error);
    }
    return launch::exec_rank(line.extra.after_dashes);
  }
  if (!words.empty() && words[0] == touch_command) {
    return words.size() == 2
               ? touch_trace(words[1])
               : complain(touch_command,
                          "there is no trace to repeat (this command is internal) use "
                          "`buddy bench dca --cross-check`",
                          usage_error);
  }
  // The doctor says how many there were.
  if (words.empty() || words[0] != "doctor") arena::remove_stale_job_dirs();
  return dispatch(words);
}

}  // namespace
}  // namespace buddy::tools

int main(int argc, char** argv) {
  using namespace buddy::tools;
  finish_early_start();
  watch_streams(stdout_was_closed());
  return finish_streams(run_main(std::vector<std::string>(argv + 1, argv + argc)));
}
