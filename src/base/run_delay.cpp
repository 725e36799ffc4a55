#include "base/run_delay.hpp"

#include <string>

#include "base/small_files.hpp"

namespace buddy {
namespace {

std::optional<std::uint64_t> read_run_delay(const std::string& path) {
  const auto text = read_small_file(path);
  return text ? parse_run_delay(*text) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_run_delay(std::string_view schedstat) {
  const auto words = split(schedstat, ' ');
  return words.size() == 3 ? parse_number(words[1]) : std::nullopt;
}

std::optional<std::uint64_t> thread_run_delay_ns() {
  return read_run_delay("/proc/thread-self/schedstat");
}

std::optional<std::uint64_t> process_run_delay_ns(pid_t pid) {
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  std::optional<std::uint64_t> all;
  for (const std::string& task : names_in(tasks)) {
    const auto delay_ns = read_run_delay(tasks + "/" + task + "/schedstat");
    if (delay_ns) all = all.value_or(0) + *delay_ns;
  }
  return all;
}

}  // namespace buddy
