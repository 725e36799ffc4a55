#include "launch/process/process_list.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/unique_fd.hpp"
#include "base/whole_number.hpp"

namespace buddy::launch {

std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end;
       it.increment(error)) {
    if (const auto pid = parse_whole<pid_t>(it->path().filename().native())) all.push_back(*pid);
  }
  return all;
}

std::string proc_path(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + '/' + name;
}

std::string read_proc(pid_t pid, const char* name) {
  // No stream: reading from a process that has just ended is an error (ESRCH), and an iterator over
  // a stream's buffer throws it.
  const UniqueFd fd(open(proc_path(pid, name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string all;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; fd && (got = read(fd.get(), part.data(), part.size())) > 0;) {
    all.append(part.data(), static_cast<std::size_t>(got));
  }
  return all;
}

pid_t own_number(pid_t pid) {
  // "NSpid:" lists its numbers from this process's namespace inwards; the last is its own.
  const std::string status = read_proc(pid, "status");
  const std::size_t begin = status.find("\nNSpid:");
  if (begin == std::string::npos) return status.empty() ? 0 : pid;
  const std::string line = status.substr(begin + 1, status.find('\n', begin + 1) - begin - 1);
  return std::atoi(line.c_str() + line.find_last_of("\t ") + 1);
}

}  // namespace buddy::launch
