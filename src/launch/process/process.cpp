#include "launch/process/process.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/unique_fd.hpp"
#include "launch/process/signal_gate.hpp"

namespace buddy::launch {
namespace {

/// This process's environment with additions, in the form exec wants.
class ExecEnvironment {
 public:
  explicit ExecEnvironment(const Environment& additions) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!is_replaced(*entry, additions)) pointers_.push_back(*entry);
    }
    for (const auto& [name, value] : additions) texts_.push_back(name + '=' + value);
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  char** get() { return pointers_.data(); }

 private:
  static bool is_replaced(std::string_view entry, const Environment& additions) {
    for (const auto& [name, value] : additions) {
      if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) return true;
    }
    return false;
  }

  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<char*> exec_arguments(std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

void reset_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGCHLD}) signal(number, SIG_DFL);
  if (!ignores_hangup()) signal(SIGHUP, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// What the new process does before the program takes over. \return false with errno set
bool prepare_child(const SpawnOptions& options, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, options.death_signal) != 0) return false;
  if (getppid() != parent) raise(SIGKILL);  // it died before the line above
  if (options.own_group) setpgid(0, 0);
  const std::array<int, 3> wanted = {options.stdin_fd, options.stdout_fd, options.stderr_fd};
  for (int fd = 0; fd < 3; ++fd) {
    const int from = wanted[static_cast<std::size_t>(fd)];
    if (from >= 0 && dup2(from, fd) < 0) return false;
  }
  for (const int fd : options.kept_fds) {
    if (fcntl(fd, F_SETFD, 0) != 0) return false;
  }
  reset_signals();
  return true;
}

Status cannot_start(const std::string& program, int error) {
  return {ErrorCode::system, fmt::format("cannot start {} ({}) check that it is an executable file",
                                         program, std::strerror(error))};
}

}  // namespace

std::string ExitState::describe() const {
  if (signal != 0) return fmt::format("was killed by signal {} ({})", signal, strsignal(signal));
  return fmt::format("ended with exit code {}", code);
}

ExitState ExitState::from_wait(int status) {
  if (WIFSIGNALED(status)) return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

Result<pid_t> spawn(const SpawnOptions& options) {
  std::vector<std::string> argv = options.argv;
  const std::vector<char*> arguments = exec_arguments(argv);
  ExecEnvironment environment(options.environment);
  // Closed by a successful exec; otherwise the child writes errno into it.
  std::array<int, 2> pipe_fds{};
  if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) return cannot_start(argv[0], errno);
  UniqueFd from_child(pipe_fds[0]);
  UniqueFd to_parent(pipe_fds[1]);

  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return cannot_start(argv[0], errno);
  if (child == 0) {
    if (prepare_child(options, parent)) execve(arguments[0], arguments.data(), environment.get());
    const int error = errno;
    [[maybe_unused]] const ssize_t written = write(to_parent.get(), &error, sizeof error);
    _exit(127);
  }
  to_parent.reset();
  int error = 0;
  if (read(from_child.get(), &error, sizeof error) != sizeof error) return child;
  waitpid(child, nullptr, 0);
  return cannot_start(argv[0], error);
}

std::string self_path() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : "buddy";
}

namespace {

enum class Found { no, not_executable, yes };

Found look_at(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return Found::no;
  return S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0 ? Found::yes
                                                                  : Found::not_executable;
}

std::optional<std::string> search_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    const std::string candidate = std::string(folder.empty() ? "." : folder) + '/' + name;
    if (look_at(candidate) == Found::yes) return candidate;
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> find_program(const std::string& name) {
  if (name.find('/') == std::string::npos) {
    if (auto path = search_path(name)) return *path;
    return Status(
        ErrorCode::invalid_argument,
        fmt::format("there is no program '{}' (not in PATH) give its path, like ./{}", name, name));
  }
  switch (look_at(name)) {
    case Found::yes: return name;
    case Found::not_executable:
      return Status(
          ErrorCode::invalid_argument,
          fmt::format("cannot run {} (not an executable file) give the path of a program", name));
    case Found::no: break;
  }
  return Status(ErrorCode::invalid_argument,
                fmt::format("cannot run {} (no such file) check the path", name));
}

}  // namespace buddy::launch
