#include "launch/job_processes.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "launch/process/process_list.hpp"

namespace buddy::launch {
namespace {

using Clock = std::chrono::steady_clock;

/// False also for zombies, which have no environment left, and for other users' processes.
bool carries_mark(pid_t pid, std::string_view mark) {
  const std::string text = read_proc(pid, "environ");
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    if (entry == mark) return true;
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
  }
  return false;
}

void reap() {
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace

std::vector<pid_t> processes_of_job(const std::string& job_dir) {
  const std::string mark = std::string(job_dir_variable) + '=' + job_dir;
  std::vector<pid_t> found;
  for (const pid_t pid : all_processes()) {
    if (pid != getpid() && carries_mark(pid, mark)) found.push_back(pid);
  }
  return found;
}

void end_processes_of_job(const std::string& job_dir, int grace_ms, pid_t spared) {
  const auto patience_ends = Clock::now() + std::chrono::milliseconds(grace_ms);
  // A process that the kernel cannot end (stuck in a device) must not hold us for ever.
  const auto give_up = patience_ends + std::chrono::seconds(10);
  for (;;) {
    std::vector<pid_t> left = processes_of_job(job_dir);
    std::erase(left, spared);
    const auto now = Clock::now();
    if (now >= patience_ends) {
      for (const pid_t pid : left) kill(pid, SIGKILL);
    }
    reap();
    if (left.empty() || now >= give_up) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace buddy::launch
