// Waiting costs nothing: ranks in barrier() or wait_until() and engines without work use less than
// 1 % of a core.
// ranks: 2 4
// variants: host host:2:ucx engine engine:2:shm:2 engine:2:ucx shared dpu:2:ucx
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "comm/mpi_check.hpp"
#include "support/read_file.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::read_file;

constexpr auto settling = std::chrono::milliseconds(300);
constexpr auto sleeping = std::chrono::milliseconds(2500);

/// Engine processes of this job: they know its folder, and are no ranks.
std::vector<std::string> engines() {
  std::vector<std::string> found;
  const char* dir = std::getenv("BUDDY_JOB_DIR");
  if (dir == nullptr) return found;
  const std::string needle = std::string("unix:") + dir + "/engine-";
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (read_file(entry.path() / "cmdline").find(needle) != std::string::npos) {
      found.push_back(entry.path());
    }
  }
  return found;
}

/// CPU time of all threads, seconds.
double cpu_seconds(const std::string& process) {
  double sum = 0;
  for (const auto& task : std::filesystem::directory_iterator(process + "/task")) {
    double ns = 0;
    std::ifstream(task.path() / "schedstat") >> ns;
    sum += ns * 1e-9;
  }
  return sum;
}

double share(double cpu, std::chrono::duration<double> wall) { return cpu / wall.count(); }

void report(const std::string& who, double used) {
  std::printf("%s: %.2f %% of a core\n", who.c_str(), used * 100);
  expect(used < 0.01, who + " uses less than 1 % of a core");
}

/// Rank 0 sleeps outside of Buddy; the others wait for it with \p wait.
void measure(Comm& comm, void (*wait)(Comm&), void (*wake)(Comm&)) {
  comm.barrier();
  comm.control_barrier();
  const bool embedded = comm.placement() == buddy::Placement::host;
  if (comm.rank() == 0) {
    const std::vector<std::string> watched = engines();
    expect(embedded ? watched.empty() : watched.size() == static_cast<std::size_t>(comm.nodes()),
           "the engines were found");
    std::this_thread::sleep_for(settling);
    std::vector<double> before;
    for (const std::string& engine : watched) before.push_back(cpu_seconds(engine));
    std::this_thread::sleep_for(sleeping);
    for (std::size_t i = 0; i < watched.size(); ++i) {
      report("idle engine", share(cpu_seconds(watched[i]) - before[i], sleeping));
    }
    wake(comm);
  } else {
    const double before = cpu_seconds("/proc/self");
    wait(comm);
    report("waiting rank", share(cpu_seconds("/proc/self") - before, settling + sleeping));
  }
  comm.barrier();
}

bool awake = false;

void barrier(Comm& comm) {
  measure(
      comm, [](Comm& c) { c.barrier(); }, [](Comm& c) { c.barrier(); });
}

void condition(Comm& comm) {
  measure(
      comm, [](Comm& c) { c.wait_until([] { return awake; }); },
      [](Comm& c) { c.async_bcast([] { awake = true; }), c.poll(); });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv, {{"barrier", barrier}, {"condition", condition}});
}
