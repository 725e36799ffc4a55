// What the commands of `buddy` have in common.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "launch/job_plan.hpp"
#include "tools/command/parser.hpp"

namespace buddy::tools {

/// Words of a command line that CLI11 does not see.
struct ExtraWords {
  std::vector<std::string> after_dashes;  ///< behind a lone "--"
  std::vector<std::string> unknown;       ///< options that belong to somebody else
  std::vector<std::string> command;       ///< the whole line, to be typed again
};

/// One command: its options, and what to do once they are parsed. \return exit code
struct Command {
  Parser app;
  std::function<int(const ExtraWords&)> run;
};

/// \return exit code for wrong usage
inline constexpr int usage_error = 2;

/// \p text without line ends and control characters, which words that users type may have.
std::string one_line(const std::string& text);

/// Prints "buddy COMMAND: message" to stderr, as one line. \return \p exit_code
int complain(const std::string& command, const std::string& message, int exit_code = 1);

struct CommandTexts {
  const char* name;
  const char* usage;        ///< the whole line, without "Usage: "
  const char* description;  ///< one line, for the list of commands
};
Parser add_command(Parser parent, const CommandTexts& texts);

/// Adds the options that describe a launch.
void add_job_options(Parser app, launch::JobOptions& options);
/// Says once on stderr if a routing that was asked for is direct routing in one of \p plans.
void say_direct(const std::string& command, const std::vector<launch::JobPlan>& plans);
/// Adds those of a launch on several machines.
void add_host_options(Parser app, launch::JobOptions& options);
/// Engines that run already are there to be used: --engines means engine placement.
/// Errors: invalid_argument, if the user wants host placement.
Status use_services(launch::JobOptions& options);
/// Errors: invalid_argument if \p measures memory traffic of a job on several machines.
Status check_dram_on_hosts(const launch::JobOptions& options, bool measures);
/// Adds --placement, and --dpu, which belongs to one of them.
Option add_placement_option(Parser app, launch::JobOptions& options);

Command add_run_command(Parser parent);
Command add_bench_command(Parser parent);
/// `tune`, `model`, `dca` and `scale`, parts of `bench`.
Command add_bench_tune_command(Parser bench);
Command add_bench_model_command(Parser bench);
Command add_bench_dca_command(Parser bench);
Command add_bench_scale_command(Parser bench);
Command add_profile_command(Parser parent);
Command add_predict_command(Parser parent);
Command add_study_command(Parser parent);
Command add_calibrate_command(Parser parent);
Command add_stat_command(Parser parent);
Command add_doctor_command(Parser parent);
Command add_engine_command(Parser parent);
/// What \p parent and its commands say about themselves.
Command add_help_command(Parser parent);
Command add_completion_command(Parser parent);
Command add_man_command(Parser parent);

}  // namespace buddy::tools
