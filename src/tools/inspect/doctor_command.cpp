// buddy doctor: what this machine offers and what is missing.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "arena/job_dir.hpp"
#include "tools/command/command.hpp"
#include "tools/inspect/doctor.hpp"

namespace buddy::tools {
namespace {

const char* mark_of(Health health) {
  switch (health) {
    case Health::good: return "ok";
    case Health::note: return "note";
    case Health::missing: break;
  }
  return "MISSING";
}

std::vector<Finding> examine() {
  const launch::Launcher launcher = launch::built_in_launcher();
  const std::string folder = std::filesystem::path(launcher.self).parent_path().native();
  const int removed = arena::remove_stale_job_dirs();
  std::vector<Finding> findings = {
      check_cpus_and_caches(),  check_core_distance(), check_shared_memory("/dev/shm"),
      check_launcher(launcher), check_network(),       check_kernel(),
      check_open_files(),       check_huge_pages(),    check_performance_counters()};
  for (Finding& finding : check_memory_traffic(launcher.self))
    findings.push_back(std::move(finding));
  findings.push_back(check_stale_directories(removed));
  findings.push_back(check_workloads(folder));
  return findings;
}

int run() {
  const std::vector<Finding> findings = examine();
  for (const Finding& finding : findings) {
    fmt::print("{:<8} {:<14} {}\n", mark_of(finding.health), finding.subject, finding.text);
  }
  std::fflush(stdout);
  const auto missing = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::missing;
  });
  if (missing == 0) {
    fmt::print("Buddy can run on this machine.\n");
    return 0;
  }
  return complain("doctor",
                  fmt::format("Buddy cannot run on this machine ({} thing(s) missing) see "
                              "the lines marked MISSING above",
                              missing));
}

}  // namespace

Command add_doctor_command(Parser parent) {
  Parser app = add_command(parent, {.name = "doctor",
                                    .usage = "buddy doctor",
                                    .description = "what this machine offers and what is missing"});
  app.footer("Exit code 0 if Buddy can run here.\nExample:\n  buddy doctor");
  return {app, [](const ExtraWords&) { return run(); }};
}

}  // namespace buddy::tools
