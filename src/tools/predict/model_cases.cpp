#include "tools/predict/model_cases.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

/// An amount of work per message, and the size of the problem that goes with it.
struct WorkLevel {
  std::uint64_t units;
  Words size;
};

struct Family {
  std::string application;
  Words options;
  std::vector<Words> messages;  ///< what chooses their size
  std::vector<WorkLevel> levels;
};

Words joined(const Words& first, const Words& second) {
  Words all = first;
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"histogram",
       {},
       {{"--payload", "8"}},
       {{0, {"--updates", "16M"}}, {1, {"--updates", "4M"}}, {6, {"--updates", "600k"}}}},
      {"histogram",
       {},
       {{"--payload", "64"}},
       {{0, {"--updates", "8M"}}, {1, {"--updates", "3M"}}, {6, {"--updates", "500k"}}}},
      {"transpose",
       {"--scale", "16"},
       {{"--field", "pattern"}, {"--field", "real"}, {"--field", "complex"}},
       {{0, {"--rounds", "24"}}, {1, {"--rounds", "6"}}, {6, {"--rounds", "1"}}}},
      {"permute",
       {"--scale", "16"},
       {{"--field", "real"}},
       {{0, {"--rounds", "16"}}, {1, {"--rounds", "4"}}, {6, {"--rounds", "1"}}}},
      {"indexgather",
       {},
       {Words{}},
       {{0, {"--requests", "20M"}}, {1, {"--requests", "4M"}}, {6, {"--requests", "400k"}}}},
      {"bfs",
       {},
       {Words{}},
       {{0, {"--scale", "18"}}, {1, {"--scale", "16"}}, {6, {"--scale", "13"}}}},
      {"triangles",
       {},
       {Words{}},
       {{0, {"--scale", "15"}}, {1, {"--scale", "14"}}, {6, {"--scale", "12"}}}},
      {"toposort",
       {"--scale", "16"},
       {Words{}},
       {{0, {"--rounds", "8"}}, {1, {"--rounds", "4"}}, {6, {"--rounds", "1"}}}},
      {"sssp",
       {},
       {Words{}},
       {{0, {"--scale", "16", "--rounds", "6"}},
        {1, {"--scale", "14", "--rounds", "8"}},
        {6, {"--scale", "12", "--rounds", "8"}}}},
      {"transport",
       {"--particles", "50k"},
       {Words{}},
       {{1, {"--cycles", "6"}}, {8, {"--cycles", "5"}}, {32, {"--cycles", "2"}}}},
      {"transport",
       {"--particles", "50k", "--cube", "4"},
       {Words{}},
       {{1, {"--cycles", "10"}}, {8, {"--cycles", "8"}}}}};
  return all;
}

}  // namespace

std::vector<ModelCase> model_cases() {
  std::vector<ModelCase> cases;
  for (const Family& family : families()) {
    for (const Words& message : family.messages) {
      for (const WorkLevel& level : family.levels) {
        const Words work = {"--work", std::to_string(level.units)};
        const Words options = joined(joined(family.options, message), joined(level.size, work));
        for (const char* fabric : {"ucx", "shm"}) {
          cases.push_back({.application = family.application,
                           .options = options,
                           .fabric = fabric,
                           .work = level.units});
        }
      }
    }
  }
  return cases;
}

std::vector<ModelCase> some_of_each(const std::vector<ModelCase>& cases, std::size_t count) {
  std::map<std::string, std::vector<std::size_t>> of;
  for (std::size_t i = 0; i < cases.size(); ++i) of[cases[i].application].push_back(i);
  std::vector<std::size_t> chosen;
  for (const auto& [application, all] : of) {
    // Multiples of the golden section spread evenly however many are taken (Knuth, volume 3, 6.4).
    constexpr double golden = 0.6180339887498949;
    std::vector<bool> taken(all.size(), false);
    double place = 0;
    for (std::size_t left = std::min(count, all.size()); left > 0;) {
      const auto at = static_cast<std::size_t>(place * static_cast<double>(all.size()));
      place += golden;
      if (place >= 1) place -= 1;
      if (taken[at]) continue;
      taken[at] = true;
      chosen.push_back(all[at]);
      --left;
    }
  }
  std::sort(chosen.begin(), chosen.end());
  std::vector<ModelCase> some;
  for (const std::size_t i : chosen) some.push_back(cases[i]);
  return some;
}

ModelCase outside_case(const std::vector<std::string>& words) {
  ModelCase one{.application = words.empty() ? "" : words.front(),
                .options = {},
                .fabric = "ucx",
                .outside = true};
  if (!words.empty()) one.options.assign(words.begin() + 1, words.end());
  const auto work = std::find(one.options.begin(), one.options.end(), "--work");
  if (work != one.options.end() && work + 1 != one.options.end()) {
    const std::string& units = *(work + 1);
    std::from_chars(units.data(), units.data() + units.size(), one.work);
  }
  return one;
}

}  // namespace buddy::tools
