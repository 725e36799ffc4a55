// Helpers for tests that start programs: a folder of scripts, and the command under test.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "launch/process/process.hpp"

namespace buddy::testing {

/// A folder of its own, removed with everything in it.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::string path(const std::string& name = {}) const;
  /// Writes an executable shell script. \return its path
  std::string script(const std::string& name, const std::string& text) const;
  std::string file(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;

 private:
  std::string path_;
};

/// Path of the `buddy` that was built with these tests.
std::string buddy_command();

struct Finished {
  launch::ExitState state;
  std::string out;
  std::string err;
};

/// A program under test, killed at the latest when this goes.
class Running {
 public:
  Running(const std::vector<std::string>& argv, const launch::Environment& environment = {});
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t pid() const { return pid_; }
  /// Waits for its end; a program that takes longer than four minutes is killed and fails the test.
  Finished wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

/// Runs a program to its end.
Finished run_command(const std::vector<std::string>& argv,
                     const launch::Environment& environment = {});

/// Polls for up to a minute. \return whether \p condition came true
bool eventually(const std::function<bool()>& condition);

/// False for processes that have ended, even if nobody has asked how.
bool is_running(pid_t pid);

/// Processes, zombies aside, with NAME=VALUE in their environment, this one excluded.
std::vector<pid_t> processes_with(const std::string& name, const std::string& value);
/// Children of \p parent whose command line contains \p text.
std::vector<pid_t> children_like(pid_t parent, const std::string& text);

/// Names in /dev/shm that a command with this process number has made.
std::vector<std::string> shm_of(pid_t pid);

}  // namespace buddy::testing
