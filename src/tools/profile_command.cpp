// buddy profile: what one run costs, and where.
#include <fmt/format.h>

#include <memory>

#include "base/affinity.hpp"
#include "tools/bench_report.hpp"
#include "tools/command.hpp"
#include "tools/profile_report.hpp"
#include "tools/profile_text.hpp"

namespace buddy::tools {
namespace {

struct ProfileOptions {
  JobOptions job;
  std::string json;
};

int run(const ProfileOptions& options, const ExtraWords& words) {
  if (words.after_dashes.empty()) {
    return complain("profile",
                    "there is no program to run (nothing follows the options) write it after --, "
                    "like: buddy profile -n 2 -- ./program",
                    usage_error);
  }
  const auto path = find_program(words.after_dashes[0]);
  if (!path.ok()) return complain("profile", path.status().message());
  const auto plan = plan_job(options.job, allowed_cpus());
  if (!plan.ok()) return complain("profile", plan.status().message(), usage_error);
  if (!options.json.empty()) {
    const Status writable = check_writable(options.json);
    if (!writable.ok()) return complain("profile", writable.message());
  }
  std::vector<std::string> program = words.after_dashes;
  program[0] = path.value();
  int exit_code = 0;
  const auto job = run_profiled(plan.value(), built_in_launcher(), program, {}, {}, exit_code);
  if (!job.ok()) return complain("profile", job.status().message(), exit_code);
  MemoryTraffic memory;
  memory.text = "memory traffic was not measured (no method was asked for)";
  const auto report = profile_report(job.value(), memory, describe_machine(), words.command);
  std::FILE* out = options.json == "-" ? stderr : stdout;
  fmt::print(out, "{}", format_profile(report));
  if (options.json.empty()) return 0;
  const Status written = write_report(report, options.json);
  return written.ok() ? 0 : complain("profile", written.message());
}

}  // namespace

Command add_profile_command(CLI::App& parent) {
  auto options = std::make_shared<ProfileOptions>();
  CLI::App* app = add_command(
      parent, {.name = "profile",
               .usage = "buddy profile [OPTIONS] -- PROGRAM ARGS",
               .description = "what one run costs, and its memory-to-communication ratio"});
  add_job_options(*app, options->job);
  add_placement_option(*app, options->job);
  app->add_option("--json", options->json, "where the profile goes; - is stdout")
      ->type_name("FILE");
  app->footer(
      "Example: a profile that `buddy predict` can read\n"
      "  buddy profile -n 2 --nodes 2 --fabric ucx --host-cpus 0 --json profile.json -- ./program");
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
