// The doctor's look at the ways of measuring memory traffic.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>

#include <cerrno>

#include "arena/job_dir.hpp"
#include "base/unique_fd.hpp"
#include "launch/process/process.hpp"
#include "measure/cache/cache_geometry.hpp"
#include "measure/dram/dram_cachegrind.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/inspect/doctor.hpp"

namespace buddy::tools {
namespace {

Status cannot_simulate(const std::string& why) {
  return {ErrorCode::system,
          fmt::format("valgrind does not work here ({}) install that of this system (Debian: "
                      "`apt-get install --reinstall valgrind`)",
                      why)};
}

/// Runs the command as `--dram cachegrind` runs ranks and engines: valgrind may be there, but not
/// know the processor, or lack a tool.
Status try_valgrind(measure::Counted counted, const std::string& command) {
  const auto valgrind = measure::find_valgrind();
  if (!valgrind.ok()) return valgrind.status();
  const auto folder = arena::JobDir::create();
  if (!folder.ok()) return folder.status();
  const std::string prefix = folder.value().path() + "/trial.";
  const auto cache = measure::cache_to_simulate({}, measure::described_cpu);
  std::vector<std::string> words =
      measure::valgrind_words(valgrind.value(), counted, cache.geometry, prefix);
  words.insert(words.end(), {command, "--version"});
  const UniqueFd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  const auto pid = launch::spawn({.argv = words,
                                  .stdin_fd = nothing.get(),
                                  .stdout_fd = nothing.get(),
                                  .stderr_fd = nothing.get()});
  if (!pid.ok()) return pid.status();
  int status = 0;
  while (waitpid(pid.value(), &status, 0) < 0 && errno == EINTR) {
  }
  const auto ended = launch::ExitState::from_wait(status);
  const std::string tool(measure::method_name(counted));
  if (!ended.ok()) return cannot_simulate(fmt::format("{} {}", tool, ended.describe()));
  if (counted == measure::Counted::region) return {};  // this command marks none
  const auto misses = measure::sum_cache_misses(folder.value().path(), "trial.");
  return misses.ok() ? Status() : cannot_simulate(fmt::format("{} counted nothing", tool));
}

Status try_simulation(const std::string& command) {
  const Status region = try_valgrind(measure::Counted::region, command);
  return region.ok() ? try_valgrind(measure::Counted::process, command) : region;
}

}  // namespace

std::vector<Finding> check_memory_traffic(const std::string& command) {
  std::vector<Finding> findings;
  for (const measure::DramMethod& method : measure::dram_methods()) {
    const bool is_simulation = method.name == measure::dram_cachegrind;
    const Status usable =
        method.usable.ok() && is_simulation ? try_simulation(command) : method.usable;
    const std::string text =
        usable.ok() ? fmt::format("{}: `--dram {}` of `buddy bench` and `buddy profile`",
                                  method.what, method.name)
                    : usable.message();
    findings.push_back(
        {usable.ok() ? Health::good : Health::note, fmt::format("dram {}", method.name), text});
  }
  return findings;
}

}  // namespace buddy::tools
