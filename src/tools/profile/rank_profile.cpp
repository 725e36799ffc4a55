#include "tools/profile/rank_profile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "base/counters.hpp"
#include "base/small_files.hpp"
#include "base/whole_file.hpp"
#include "instrument/activity.hpp"
#include "instrument/stats_fields.hpp"

namespace buddy::tools {
namespace {

constexpr std::string_view format_name = "buddy.rank.v1";
constexpr double most_number = 18446744073709551615.0;

constexpr std::array<std::string_view, 19> plain_keys = {"rank",
                                                         "ranks",
                                                         "node",
                                                         "nodes",
                                                         "pid",
                                                         "agent",
                                                         "is_representative",
                                                         "embedded",
                                                         "workers",
                                                         "block_capacity_bytes",
                                                         "ring_blocks",
                                                         "hold_us",
                                                         "peak_memory_bytes",
                                                         "region_marked",
                                                         "region_begin_ns",
                                                         "region_end_ns",
                                                         "wall_ns",
                                                         "user_ns",
                                                         "system_ns"};

Status corrupt(std::string_view why) {
  return {ErrorCode::corrupt,
          fmt::format("a rank's profile is not usable ({}) run the program with the libbuddy of "
                      "this command's version",
                      why)};
}

Status check_keys(const RankProfile& profile) {
  const auto missing = [&](std::string_view key) {
    return profile.numbers.find(key) == profile.numbers.end();
  };
  for (const std::string_view key : plain_keys) {
    if (missing(key)) return corrupt(fmt::format("it has no {}", key));
  }
  Status status;
  for_each_count([&](const char* name, auto) {
    if (missing(fmt::format("stats.{}", name))) status = corrupt(fmt::format("no {}", name));
  });
  if (!status.ok()) return status;
  for (const std::string_view name : activity_names) {
    if (missing(fmt::format("time_ns.{}", name))) return corrupt(fmt::format("no time {}", name));
  }
  for (const std::string_view name : counter_names) {
    if (missing(fmt::format("counter.{}", name))) return corrupt(fmt::format("no count {}", name));
  }
  return {};
}

bool adds_up(std::string_view key) {
  return key.starts_with("stats.") || key.starts_with("counter.");
}

/// Several communicators of one rank as one.
RankProfile merged(std::vector<RankProfile> all) {
  const bool any_marked = std::any_of(all.begin(), all.end(), [](const RankProfile& profile) {
    return profile["region_marked"] != 0;
  });
  if (any_marked) {
    std::erase_if(all, [](const RankProfile& profile) { return profile["region_marked"] == 0; });
  }
  const auto longest = std::max_element(
      all.begin(), all.end(),
      [](const RankProfile& a, const RankProfile& b) { return a["wall_ns"] < b["wall_ns"]; });
  RankProfile whole = *longest;
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (one == longest) continue;
    for (const auto& [key, value] : one->numbers) {
      if (adds_up(key)) whole.numbers[key] += value;
    }
  }
  return whole;
}

}  // namespace

std::optional<double> RankProfile::find(std::string_view key) const {
  const auto found = numbers.find(key);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

Result<RankProfile> parse_rank_profile(std::string_view text) {
  RankProfile profile;
  std::istringstream lines{std::string(text)};
  bool known = false;
  for (std::string line; std::getline(lines, line);) {
    const auto blank = line.find(' ');
    if (blank == std::string::npos) return corrupt(fmt::format("'{}' has no value", line));
    const std::string key = line.substr(0, blank);
    const std::string value = line.substr(blank + 1);
    if (key == "format") {
      if (value != format_name) return corrupt(fmt::format("its format is {}", value));
      known = true;
    } else if (key == "host") {
      profile.host = value;
    } else if (key == "fabric") {
      profile.fabric = value;
    } else if (key == "routing") {
      profile.routing = value;
    } else {
      double number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      const bool possible = number >= 0 && number <= most_number;  // from_chars knows "nan" too
      if (error != std::errc() || end != value.data() + value.size() || !possible) {
        return corrupt(fmt::format("{} is '{}'", key, value));
      }
      profile.numbers[key] = number;
    }
  }
  if (!known) return corrupt("it has no format");
  const Status complete = check_keys(profile);
  if (!complete.ok()) return complete;
  return profile;
}

Result<std::vector<RankProfile>> read_rank_profiles(const std::string& folder) {
  std::map<double, std::vector<RankProfile>> by_rank;
  for (const std::string& name : names_in(folder)) {
    if (!name.ends_with(".profile")) continue;
    auto profile = parse_rank_profile(read_whole_file(folder + "/" + name).value_or(""));
    if (!profile.ok()) return profile.status();
    by_rank[profile.value()["rank"]].push_back(std::move(profile.value()));
  }
  if (by_rank.empty()) {
    return Status(ErrorCode::no_engine,
                  "no rank has left a profile (the program made no communicator of Buddy's, or did "
                  "not give it back) profile a program that uses Buddy and ends by itself");
  }
  std::vector<RankProfile> ranks;
  for (auto& [rank, profiles] : by_rank) ranks.push_back(merged(std::move(profiles)));
  return ranks;
}

}  // namespace buddy::tools
