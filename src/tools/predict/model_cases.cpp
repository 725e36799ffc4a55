#include "tools/predict/model_cases.hpp"

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
      {"transport",
       {"--particles", "50k"},
       {Words{}},
       {{1, {"--cycles", "6"}}, {8, {"--cycles", "5"}}, {32, {"--cycles", "2"}}}},
      {"transport",
       {"--particles", "50k", "--block", "4"},
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

}  // namespace buddy::tools
