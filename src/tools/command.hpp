// What the commands of `buddy` have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tools/job_plan.hpp"

namespace buddy::tools {

/// Words of a command line that CLI11 does not see.
struct ExtraWords {
  std::vector<std::string> after_dashes;  ///< behind a lone "--"
  std::vector<std::string> unknown;       ///< options that belong to somebody else
  std::vector<std::string> command;       ///< the whole line, to be typed again
};

/// One command: its options, and what to do once they are parsed. \return exit code
struct Command {
  CLI::App* app = nullptr;
  std::function<int(const ExtraWords&)> run;
};

/// \return exit code for wrong usage
inline constexpr int usage_error = 2;

/// Prints "buddy COMMAND: message" to stderr. \return \p exit_code
int complain(const std::string& command, const std::string& message, int exit_code = 1);

struct CommandTexts {
  const char* name;
  const char* usage;        ///< the whole line, without "Usage: "
  const char* description;  ///< one line, for the list of commands
};
CLI::App* add_command(CLI::App& parent, const CommandTexts& texts);

/// Adds the options that describe a launch.
void add_job_options(CLI::App& app, JobOptions& options);
/// Adds --placement, which takes host and engine.
CLI::Option* add_placement_option(CLI::App& app, JobOptions& options);

Command add_run_command(CLI::App& parent);
Command add_bench_command(CLI::App& parent);
/// `model` and `dca`, parts of `bench`.
Command add_bench_model_command(CLI::App& bench);
Command add_bench_dca_command(CLI::App& bench);
Command add_profile_command(CLI::App& parent);
Command add_predict_command(CLI::App& parent);
Command add_calibrate_command(CLI::App& parent);
Command add_stat_command(CLI::App& parent);
Command add_doctor_command(CLI::App& parent);
Command add_engine_command(CLI::App& parent);

}  // namespace buddy::tools
