// buddy profile: what one run costs, and where.
#include <fcntl.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string_view>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "launch/process/signal_gate.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/bench/small_problem.hpp"
#include "tools/bench/workload_options.hpp"
#include "tools/command/command.hpp"
#include "tools/profile/dram_measurement.hpp"
#include "tools/profile/dram_options.hpp"
#include "tools/profile/profile_report.hpp"
#include "tools/profile/profile_text.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

struct ProfileOptions {
  launch::JobOptions job;
  DramWords dram;
  std::string small;
  ReportFiles files;
};

/// What a workload of ours is called, or nothing.
std::string workload_name(const std::string& program) {
  constexpr std::string_view prefix = "buddy-";
  const std::string file = std::filesystem::path(program).filename().native();
  return file.starts_with(prefix) ? file.substr(prefix.size()) : std::string();
}

/// Memory traffic is measured on a run of its own, so that the profile is not disturbed.
DramMeasurement measure(const ProfileOptions& options, const DramChoice& dram,
                        const std::vector<std::string>& program) {
  DramRequest request{
      .method = dram.method, .job = options.job, .program = program, .cache = dram.cache};
  request.small_program = {program[0]};
  if (options.small.empty()) {
    const SmallProblem small =
        smaller_problem(workload_name(program[0]), {program.begin() + 1, program.end()});
    request.small_program.insert(request.small_program.end(), small.arguments.begin(),
                                 small.arguments.end());
    request.cache_divisor = small.cache_divisor;
  } else {
    std::istringstream words(options.small);
    for (std::string word; words >> word;) request.small_program.push_back(word);
  }
  const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out(open("/dev/null", O_WRONLY | O_CLOEXEC));
  return measure_dram(
      request, launch::built_in_launcher(),
      {.stdin_fd = in.get(), .stdout_fd = out.get(), .stderr_fd = out.get(), .tick = {}});
}

/// Traffic of a run with other numbers of messages, as that of the profiled one.
MemoryTraffic scaled(const DramMeasurement& measured, const ProfiledJob& job) {
  MemoryTraffic traffic = measured.traffic;
  if (measured.messages <= 0) return traffic;
  const double factor = job.sum("stats.messages_sent") / measured.messages;
  if (traffic.host_bytes) *traffic.host_bytes *= factor;
  if (traffic.engine_bytes) *traffic.engine_bytes *= factor;
  if (factor > 1.01 || factor < 0.99) {
    traffic.text += fmt::format("; on a run of {:.0f} messages, times {:.3g}: {}",
                                measured.messages, factor, fmt::join(measured.program, " "));
  }
  return traffic;
}

int run(ProfileOptions options, const ExtraWords& words) {
  if (words.after_dashes.empty()) {
    return complain("profile",
                    "there is no program to run (nothing follows the options) write it after --, "
                    "like: buddy profile -n 2 -- ./program",
                    usage_error);
  }
  const auto path = launch::find_program(words.after_dashes[0]);
  if (!path.ok()) return complain("profile", path.status().message());
  const Status served = use_services(options.job);
  if (!served.ok()) return complain("profile", served.message(), usage_error);
  options.job.only_placement = true;
  const auto plan = launch::plan_job(options.job, allowed_cpus());
  if (!plan.ok()) return complain("profile", plan.status().message(), usage_error);
  const auto dram = dram_choice(options.dram, measure::dram_none);
  if (!dram.ok()) return complain("profile", dram.status().message(), usage_error);
  const Status measurable = check_dram_on_hosts(options.job, dram.value().measures());
  if (!measurable.ok()) return complain("profile", measurable.message(), usage_error);
  const Status writable = options.files.check(words.after_dashes);
  if (!writable.ok()) return complain("profile", writable.message());
  std::vector<std::string> program = words.after_dashes;
  program[0] = path.value();
  const Status taken = check_own_program(program);
  if (!taken.ok()) return complain("profile", taken.message(), usage_error);
  say_direct("profile", {plan.value()});
  int exit_code = 0;
  const auto job =
      run_profiled(plan.value(), launch::built_in_launcher(), program, {}, {}, exit_code);
  if (!job.ok()) return complain("profile", job.status().message(), exit_code);
  const DramMeasurement traffic = measure(options, dram.value(), program);
  const auto report =
      profile_report(job.value(), scaled(traffic, job.value()), describe_machine(), words.command);
  fmt::print(options.files.text(), "{}", format_profile(report));
  const Status written = options.files.write(report);
  if (traffic.exit_code > 128 && launch::asks_to_stop(traffic.exit_code - 128))
    return traffic.exit_code;
  return written.ok() ? 0 : complain("profile", written.message());
}

}  // namespace

Command add_profile_command(Parser parent) {
  auto options = std::make_shared<ProfileOptions>();
  Parser app = add_command(
      parent, {.name = "profile",
               .usage = "buddy profile [OPTIONS] -- PROGRAM ARGS",
               .description = "what one run costs, and its memory-to-communication ratio"});
  add_job_options(app, options->job);
  add_host_options(app, options->job);
  add_placement_option(app, options->job);
  add_dram_options(
      app, options->dram,
      "memory traffic, measured on a run of its own: auto, none (default), resctrl, perf, "
      "bfperf or cachegrind");
  app.add_option("--small", options->small,
                 "arguments of the program where cachegrind simulates it, a hundred times slower "
                 "(default: its own; workloads of Buddy's make themselves small)")
      .type_name("ARGS");
  add_report_options(app, options->files, "the profile");
  app.footer(
      "Example: a profile that `buddy predict` can read\n"
      "  buddy profile -n 2 --nodes 2 --fabric ucx --host-cpus 0 --json profile.json -- ./program");
  return {app, [options](const ExtraWords& words) { return run(*options, words); }};
}

}  // namespace buddy::tools
