// A program and everything it starts, found again by a mark in the environment: what is still
// running, and what has been left in /dev/shm.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/read_file.hpp"

namespace buddy::test {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Text that nobody else has. Not a process number: every container has its own process 7.
inline std::string unique_text() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

/// A file for a program's output, which goes with this.
class OutputFile {
 public:
  OutputFile() : path_("/tmp/buddy-test-output-" + unique_text()) {}
  ~OutputFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A running process of a job.
struct Process {
  pid_t pid;
  std::string command_line;  ///< words separated by blanks
  bool has(std::string_view text) const { return command_line.find(text) != std::string::npos; }
};

/// One program under test with its descendants. Whatever happens, none of them outlives this.
/// Threads: one.
class MarkedJob {
 public:
  /// \param output file that gets stdout and stderr
  MarkedJob(std::vector<std::string> argv, const std::string& output);
  ~MarkedJob();
  MarkedJob(const MarkedJob&) = delete;
  MarkedJob& operator=(const MarkedJob&) = delete;

  pid_t pid() const { return pid_; }
  /// Processes with the mark, zombies aside; remembers their numbers.
  std::vector<Process> look();
  /// As a shell reports it: 128 + signal. \pre ended()
  int exit_code() const { return exit_code_; }
  /// Whether a signal ended the program before it was seen to start anything. \pre ended()
  bool died_young() const { return signalled_ && seen_.size() == 1; }
  bool ended();
  /// Looks until the program has ended. \return false if it takes longer than \p seconds
  bool wait(double seconds);
  /// Looks until no process and no folder in /dev/shm is left. \return what is left after \p
  /// seconds
  std::string leftovers(double seconds);
  std::string output() const;
  /// Signals every process of the job, one by one.
  void signal_all(int number);

 private:
  std::vector<std::string> folders() const;

  std::string mark_;
  std::string output_;
  std::set<pid_t> seen_;
  pid_t pid_ = -1;
  bool ended_ = false;
  bool signalled_ = false;
  int exit_code_ = 0;
};

inline MarkedJob::MarkedJob(std::vector<std::string> argv, const std::string& output)
    : output_(output) {
  const std::string value = unique_text();
  mark_ = "BUDDY_TEST_JOB=" + value;
  std::vector<char*> words;
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::setpgid(0, 0);
    // A shell starts what runs in the background with SIGINT ignored; a signal that comes before
    // the command has its own handler would be lost.
    ::signal(SIGINT, SIG_DFL);
    ::setenv("BUDDY_TEST_JOB", value.c_str(), 1);
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  seen_.insert(pid_);
}

inline MarkedJob::~MarkedJob() {
  if (!ended()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (int i = 0; i < 100 && !look().empty(); ++i) {
    signal_all(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::error_code ignored;
  for (const std::string& folder : folders()) std::filesystem::remove_all(folder, ignored);
}

inline std::vector<Process> MarkedJob::look() {
  std::vector<Process> found;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string environment = '\0' + read_file(entry.path() / "environ");
    if (environment.find('\0' + mark_ + '\0') == std::string::npos) continue;
    std::string line = read_file(entry.path() / "cmdline");
    for (char& c : line) c = c == '\0' ? ' ' : c;
    found.push_back({static_cast<pid_t>(std::stol(name)), line});
    seen_.insert(found.back().pid);
  }
  return found;
}

inline bool MarkedJob::ended() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = true;
    signalled_ = WIFSIGNALED(status);
    exit_code_ = signalled_ ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return ended_;
}

inline bool MarkedJob::wait(double seconds) {
  const auto start = Clock::now();
  while (!ended()) {
    if (seconds_since(start) > seconds) return false;
    look();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

/// Folders in /dev/shm are named after the process that made them.
inline std::vector<std::string> MarkedJob::folders() const {
  std::vector<std::string> found;
  const std::string prefix = "buddy-" + std::to_string(::getuid()) + "-";
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm", gone)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(prefix)) continue;
    const long pid = std::strtol(name.c_str() + prefix.size(), nullptr, 10);
    if (seen_.count(static_cast<pid_t>(pid)) != 0) found.push_back(entry.path());
  }
  return found;
}

inline std::string MarkedJob::leftovers(double seconds) {
  const auto start = Clock::now();
  for (;;) {
    std::string left;
    for (const Process& process : look()) {
      left += "process " + std::to_string(process.pid) + ": " + process.command_line + "\n";
    }
    for (const std::string& folder : folders()) left += folder + "\n";
    if (left.empty() || seconds_since(start) > seconds) return left;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

inline std::string MarkedJob::output() const { return read_file(output_); }

inline void MarkedJob::signal_all(int number) {
  for (const Process& process : look()) ::kill(process.pid, number);
}

}  // namespace buddy::test
