#include "launch/process/cpu_list.hpp"

#include <fmt/core.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/affinity.hpp"

namespace buddy::launch {
namespace {

Status bad_list(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid_argument,
          fmt::format("'{}' is not a list of CPUs ({}) write it like 0,2-3", text, why)};
}

/// Takes a number off the front of \p text. \return false if there is none, or it is no CPU's
bool take_number(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number >= CPU_SETSIZE) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

Result<std::vector<int>> parse_cpu_list(std::string_view text) {
  std::vector<int> cpus;
  std::string_view rest = text;
  for (;;) {
    int first = 0;
    if (!take_number(rest, first)) return bad_list(text, "a CPU number is missing or too large");
    int last = first;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      if (!take_number(rest, last))
        return bad_list(text, "the end of a range is missing or too large");
      if (last < first) return bad_list(text, "a range ends before it starts");
    }
    for (int cpu = first; cpu <= last; ++cpu) {
      if (std::find(cpus.begin(), cpus.end(), cpu) != cpus.end()) {
        return bad_list(text, fmt::format("it names CPU {} twice", cpu));
      }
      cpus.push_back(cpu);
    }
    if (rest.empty()) return cpus;
    if (!rest.starts_with(',')) return bad_list(text, "there is something else in it");
    rest.remove_prefix(1);
  }
}

std::string format_cpu_list(std::span<const int> cpus) {
  std::string text;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t last = i;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += last == i ? fmt::format("{}", cpus[i]) : fmt::format("{}-{}", cpus[i], cpus[last]);
    i = last + 1;
  }
  return text;
}

Status check_cpus(std::span<const int> wanted, std::span<const int> allowed,
                  std::string_view option) {
  for (const int cpu : wanted) {
    if (std::find(allowed.begin(), allowed.end(), cpu) != allowed.end()) continue;
    return {ErrorCode::invalid_argument,
            fmt::format("{} names CPU {} (this process may use {} only) choose among those", option,
                        cpu, format_cpu_list(allowed))};
  }
  return {};
}

std::vector<int> without_cpus(std::span<const int> all, std::span<const int> taken) {
  std::vector<int> rest;
  for (const int cpu : all) {
    if (std::find(taken.begin(), taken.end(), cpu) == taken.end()) rest.push_back(cpu);
  }
  if (rest.empty()) rest.assign(all.begin(), all.end());
  return rest;
}

std::vector<int> cpus_of_rank(std::span<const int> cpus, int local_rank, int local_ranks) {
  if (local_ranks > static_cast<int>(cpus.size())) return {cpus.begin(), cpus.end()};
  return cpus_in_turn(cpus, local_rank, 1);
}

std::vector<int> cpus_in_turn(std::span<const int> cpus, int first, int count) {
  std::vector<int> turn;
  if (cpus.empty()) return turn;
  const auto size = static_cast<int>(cpus.size());
  for (int i = 0; i < std::min(count, size); ++i) {
    turn.push_back(cpus[static_cast<std::size_t>((first + i) % size)]);
  }
  return turn;
}

Status bind_to_cpus(std::span<const int> cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) == 0) return {};
  return {ErrorCode::system,
          fmt::format("cannot run on CPUs {} ({}) choose among {}", format_cpu_list(cpus),
                      std::strerror(errno), format_cpu_list(allowed_cpus()))};
}

}  // namespace buddy::launch
