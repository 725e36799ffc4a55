#include "tools/inspect/doctor.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/affinity.hpp"
#include "base/unique_fd.hpp"
#include "launch/job.hpp"
#include "launch/job_knobs.hpp"
#include "launch/process/cpu_list.hpp"
#include "measure/probes/core_distance.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{} MiB", (bytes + (1u << 20) - 1) >> 20);
}

std::string read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::uint64_t shm_needed_bytes(int ranks) {
  launch::JobPlan plan;
  plan.ranks = ranks;
  plan.fabric = "shm";
  return launch::shared_memory_bytes(plan);
}

Finding check_cpus_and_caches() {
  const Machine machine = describe_machine();
  Finding finding{Health::good, "CPUs",
                  fmt::format("{}: {}; {} of memory; this process may use CPU {}",
                              machine.cpu_model, machine.topology, mebibytes(machine.memory_bytes),
                              launch::format_cpu_list(machine.allowed_cpus))};
  if (machine.allowed_cpus.size() < 2) {
    finding.health = Health::note;
    finding.text +=
        "; engines will share it with the ranks: allow this process another one, with taskset or "
        "the container's options";
  }
  return finding;
}

Finding judge_core_distance(double distance_ns) {
  Finding finding{
      Health::good, "core distance",
      fmt::format("a cache line goes to another CPU and back in {:.0f} ns; ", distance_ns)};
  if (distance_ns < near_cores_ns) {
    finding.text +=
        "so near are two hardware threads of one core, which share its speed: `buddy run "
        "--host-cpus` and `--engine-cpus` choose others";
    finding.health = Health::note;
  } else if (distance_ns <= far_cores_ns) {
    finding.text += fmt::format("normal for two cores of one processor ({:.0f} to {:.0f})",
                                near_cores_ns, far_cores_ns);
  } else if (distance_ns <= farthest_cores_ns) {
    finding.text += fmt::format(
        "far: normal are {:.0f} to {:.0f} for two cores of one processor, up to {:.0f} for cores "
        "of "
        "two, or where a virtual machine's cores change places; every ring between rank and engine "
        "costs more, so offloading gains less: `lscpu -e` tells which CPUs are near, `buddy run "
        "--host-cpus` and `--engine-cpus` choose them",
        near_cores_ns, far_cores_ns, farthest_cores_ns);
    finding.health = Health::note;
  } else {
    finding.text += fmt::format(
        "no two cores at rest are so far (up to {:.0f}): other work has them; `buddy doctor` again "
        "when `top` shows none",
        farthest_cores_ns);
    finding.health = Health::note;
  }
  return finding;
}

Finding check_core_distance() {
  const auto allowed = allowed_cpus();
  if (allowed.size() < 2) {
    return {Health::note, "core distance",
            "needs two CPUs: allow this process another one, with taskset or the container's "
            "options"};
  }
  const auto distance_ns = measure::measure_core_distance_ns({allowed[0], allowed[1]});
  if (distance_ns) return judge_core_distance(*distance_ns);
  return {Health::note, "core distance",
          fmt::format("not measured: other work has CPU {} or {}; `buddy doctor` again when `top` "
                      "shows none",
                      allowed[0], allowed[1])};
}

Finding check_shared_memory(const std::string& folder) {
  struct statvfs space {};
  if (statvfs(folder.c_str(), &space) != 0 || access(folder.c_str(), W_OK) != 0) {
    return {
        Health::missing, "shared memory",
        fmt::format("cannot write to {} ({}) mount a tmpfs there", folder, std::strerror(errno))};
  }
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  const std::uint64_t few = shm_needed_bytes(2);
  const std::uint64_t many = shm_needed_bytes(64);
  std::string text =
      fmt::format("{}: {} in all, {} free; 2 ranks need {}, 64 ranks {}, 256 ranks {}", folder,
                  mebibytes(std::uint64_t{space.f_blocks} * space.f_frsize), mebibytes(free),
                  mebibytes(few), mebibytes(many), mebibytes(shm_needed_bytes(256)));
  if (free >= many) return {Health::good, "shared memory", std::move(text)};
  text += fmt::format("; enlarge it, for example with `mount -o remount,size=2G {}`", folder);
  return {free < few ? Health::missing : Health::note, "shared memory", std::move(text)};
}

Finding check_launcher(const launch::Launcher& launcher) {
  if (launcher.path.empty()) {
    return {Health::note, "MPI", "this buddy was built without: it runs engines, and no ranks"};
  }
  const UniqueFd output(memfd_create("buddy-output", MFD_CLOEXEC));
  const auto program = launch::find_program("true");
  const auto plan = launch::plan_job({.ranks = 1}, allowed_cpus());
  if (!program.ok() || !plan.ok()) return {Health::missing, "MPI", "there is no program `true`"};
  const launch::JobOutcome outcome =
      launch::run_job(plan.value(), launcher, {program.value()}, {},
                      {.stdout_fd = output.get(), .stderr_fd = output.get(), .tick = {}});
  if (outcome.exit_code != 0) {
    return {Health::missing, "MPI",
            fmt::format("{}; install {}", outcome.message, launcher.flavour)};
  }
  return {Health::good, "MPI",
          fmt::format("{} starts programs with {}", launcher.flavour, launcher.path)};
}

Finding check_kernel() {
  utsname system{};
  uname(&system);
  std::string text = fmt::format("{} {}", system.sysname, system.release);
  const UniqueFd self(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  if (self) return {Health::good, "kernel", text + ", with pidfd"};
  return {Health::note, "kernel",
          text + ", without pidfd; Linux 5.3 or newer notices dead processes sooner"};
}

Finding check_open_files() {
  constexpr rlim_t comfortable = 1024;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= comfortable) {
    return {Health::good, "open files", fmt::format("up to {} per process", limit.rlim_cur)};
  }
  return {Health::note, "open files",
          fmt::format("up to {} per process; many ranks need more: ulimit -n {}", limit.rlim_cur,
                      comfortable)};
}

Finding check_huge_pages() {
  const std::string setting = read_line("/sys/kernel/mm/transparent_hugepage/shmem_enabled");
  if (setting.empty()) return {Health::note, "huge pages", "the kernel has none for shared memory"};
  return {Health::good, "huge pages", fmt::format("for shared memory: {}", setting)};
}

Finding check_performance_counters() {
  perf_event_attr wanted{};
  wanted.size = sizeof wanted;
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.config = PERF_COUNT_HW_CPU_CYCLES;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  const UniqueFd counter(
      static_cast<int>(syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC)));
  if (counter) return {Health::good, "perf", "the processor's counters can be read"};
  const std::string why = std::strerror(errno);
  const std::string paranoid = read_line("/proc/sys/kernel/perf_event_paranoid");
  return {Health::note, "perf",
          fmt::format("the processor's counters cannot be read ({}, perf_event_paranoid {}); Buddy "
                      "runs without them, `sysctl kernel.perf_event_paranoid=0` may allow them",
                      why, paranoid.empty() ? "unknown" : paranoid)};
}

Finding check_stale_directories(int removed) {
  if (removed == 0) return {Health::good, "crashed jobs", "left nothing in /dev/shm"};
  return {Health::note, "crashed jobs",
          fmt::format("removed what {} had left in /dev/shm", removed)};
}

Finding check_workloads(const std::string& folder) {
  const auto names = list_workloads(folder);
  if (names.empty()) {
    return {Health::note, "workloads",
            fmt::format("{} has none for `buddy bench`: build or install them there", folder)};
  }
  return {Health::good, "workloads", fmt::format("{}", fmt::join(names, ", "))};
}

}  // namespace buddy::tools
