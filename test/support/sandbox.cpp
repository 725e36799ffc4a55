#include "support/sandbox.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "launch/process/process_list.hpp"

namespace buddy::testing {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(60);
/// A replay of seconds takes minutes where others keep the cores busy.
constexpr int patient_rounds = 4;

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string read_fd(int fd) {
  std::string all;
  std::array<char, 4096> part{};
  for (ssize_t got = 0;
       (got = pread(fd, part.data(), part.size(), static_cast<off_t>(all.size()))) > 0;) {
    all.append(part.data(), static_cast<std::size_t>(got));
  }
  return all;
}

pid_t parent_of(pid_t pid) {
  const std::string line = launch::read_proc(pid, "stat");
  const auto name_end = line.rfind(')');  // the name may contain anything
  return name_end == std::string::npos || name_end + 4 >= line.size()
             ? 0
             : std::atoi(line.c_str() + name_end + 4);
}

}  // namespace

Sandbox::Sandbox() {
  std::string pattern = fs::temp_directory_path().native() + "/buddy-test-XXXXXX";
  path_ = mkdtemp(pattern.data());
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Sandbox::path(const std::string& name) const {
  return name.empty() ? path_ : path_ + '/' + name;
}

std::string Sandbox::script(const std::string& name, const std::string& text) const {
  file(name, "#!/bin/sh\n" + text);
  chmod(path(name).c_str(), 0755);
  return path(name);
}

std::string Sandbox::file(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
  return path(name);
}

std::string Sandbox::read(const std::string& name) const { return read_all(path(name)); }

bool Sandbox::has(const std::string& name) const { return fs::exists(path(name)); }

std::string buddy_command() {
  if (const char* folder = std::getenv("BUDDY_BIN_DIR")) return std::string(folder) + "/buddy";
  return fs::path(launch::self_path()).parent_path().parent_path().native() + "/buddy";
}

Running::Running(const std::vector<std::string>& argv, const launch::Environment& environment)
    : out_(memfd_create("out", MFD_CLOEXEC)), err_(memfd_create("err", MFD_CLOEXEC)) {
  const auto pid = launch::spawn({.argv = argv,
                                  .environment = environment,
                                  .stdout_fd = out_,
                                  .stderr_fd = err_,
                                  .death_signal = SIGKILL});
  EXPECT_TRUE(pid.ok()) << pid.status().message();
  if (pid.ok()) pid_ = pid.value();
}

Running::~Running() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(out_);
  close(err_);
}

Finished Running::wait() {
  Finished finished;
  if (pid_ < 0) return finished;
  int status = 0;
  bool ended = false;
  for (int round = 0; round < patient_rounds && !ended; ++round) {
    ended = eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
  }
  EXPECT_TRUE(ended) << "still running after minutes: process " << pid_;
  if (!ended) return finished;
  pid_ = -1;
  return {launch::ExitState::from_wait(status), read_fd(out_), read_fd(err_)};
}

Finished run_command(const std::vector<std::string>& argv, const launch::Environment& environment) {
  return Running(argv, environment).wait();
}

bool eventually(const std::function<bool()>& condition) {
  const auto limit = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() >= limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

bool is_running(pid_t pid) { return !launch::read_proc(pid, "cmdline").empty(); }

std::vector<pid_t> processes_with(const std::string& name, const std::string& value) {
  const std::string mark = '\0' + name + '=' + value + '\0';
  std::vector<pid_t> found;
  for (const pid_t pid : launch::all_processes()) {
    const std::string text = '\0' + launch::read_proc(pid, "environ");
    if (pid != getpid() && text.find(mark) != std::string::npos) found.push_back(pid);
  }
  return found;
}

std::vector<pid_t> children_like(pid_t parent, const std::string& text) {
  std::vector<pid_t> found;
  for (const pid_t pid : launch::all_processes()) {
    if (parent_of(pid) != parent) continue;
    if (launch::read_proc(pid, "cmdline").find(text) != std::string::npos) found.push_back(pid);
  }
  return found;
}

std::vector<std::string> shm_of(pid_t pid) {
  const std::string prefix = "buddy-" + std::to_string(getuid()) + "-" + std::to_string(pid) + "-";
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator("/dev/shm")) {
    const std::string name = entry.path().filename().native();
    if (name.starts_with(prefix)) names.push_back(name);
  }
  return names;
}

}  // namespace buddy::testing
