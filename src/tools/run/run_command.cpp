// buddy run: starts a program's ranks, and engines for them.
#include <fmt/core.h>

#include <memory>

#include "base/affinity.hpp"
#include "launch/job.hpp"
#include "launch/process/cpu_list.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"

namespace buddy::tools {
namespace {

struct RunOptions : launch::JobOptions {
  bool check = false;
};

int run(RunOptions options, const std::vector<std::string>& words) {
  if (words.empty()) {
    return complain("run",
                    "there is no program to run (nothing follows the options) write it "
                    "after --, like: buddy run -n 2 -- ./program",
                    usage_error);
  }
  const auto program = launch::find_program(words[0]);
  if (!program.ok()) return complain("run", program.status().message());
  const Status served = use_services(options);
  if (!served.ok()) return complain("run", served.message(), usage_error);
  options.only_placement = true;
  const auto plan = launch::plan_job(options, allowed_cpus());
  if (!plan.ok()) return complain("run", plan.status().message(), usage_error);
  std::vector<std::string> command = words;
  command[0] = program.value();
  const Status taken = check_own_program(command);
  if (!taken.ok()) return complain("run", taken.message(), usage_error);
  say_direct("run", {plan.value()});
  launch::Environment more;
  if (options.check) more.emplace_back("BUDDY_CHECK", "1");
  const launch::JobOutcome outcome =
      launch::run_job(plan.value(), launch::built_in_launcher(), command, more);
  if (outcome.exit_code != 0) return complain("run", outcome.message, outcome.exit_code);
  return 0;
}

}  // namespace

Command add_run_command(Parser parent) {
  auto options = std::make_shared<RunOptions>();
  Parser app =
      add_command(parent, {.name = "run",
                           .usage = "buddy run [OPTIONS] -- PROGRAM ARGS",
                           .description = "start a program's ranks, and engines for them"});
  add_job_options(app, *options);
  add_host_options(app, *options);
  add_placement_option(app, *options);
  app.add_flag("--check", options->check,
               "look for addresses of the sender in what messages carry: [&], [this], pointers");
  app.footer(
      "Example: two ranks on CPU 0 whose messages are routed by an engine on CPU 1\n"
      "  buddy run -n 2 --placement engine --host-cpus 0 --engine-cpus 1 -- ./program");
  return {app, [options](const ExtraWords& words) { return run(*options, words.after_dashes); }};
}

}  // namespace buddy::tools
