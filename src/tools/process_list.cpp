#include "tools/process_list.hpp"

#include <charconv>
#include <filesystem>

namespace buddy::tools {

std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().native();
    pid_t pid = 0;
    const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad == std::errc() && stop == name.data() + name.size()) all.push_back(pid);
  }
  return all;
}

std::string proc_path(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + '/' + name;
}

}  // namespace buddy::tools
