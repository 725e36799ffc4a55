#include "tools/study/expected_text.hpp"

#include <fmt/core.h>

#include <set>
#include <vector>

#include "tools/report/json.hpp"
#include "tools/study/markdown.hpp"
#include "tools/study/message_costs.hpp"
#include "tools/study/study_engine.hpp"
#include "tools/study/study_figures.hpp"

namespace buddy::tools {
namespace {

/// Those whose speedup over `shared` is known, and expected.
std::vector<Json> points_of(const Json& figures) {
  std::vector<Json> points;
  for (const Json& one : member(figures, {"points"})) {
    if (one["expected"].is_number() && one["speedup"].is_number()) points.push_back(one);
  }
  return points;
}

std::string cell(const std::vector<Json>& points, const std::string& program,
                 const StudyEngine& engine) {
  for (const Json& one : points) {
    if (one["program"] != program || engine_of(one) != engine) continue;
    return fmt::format("*{:.2f}* {:.2f}", one["expected"].get<double>(),
                       one["speedup"].get<double>());
  }
  return dash;
}

}  // namespace

std::string expected_text(const Json& figures) {
  const std::vector<Json> points = points_of(figures);
  std::set<StudyEngine> engines;
  for (const Json& one : points) engines.insert(engine_of(one));
  MarkdownRow head = {"program", "w, ns", "r, ns", "turns at"};
  for (const StudyEngine& engine : engines) head.push_back(engine.heading());
  std::vector<MarkdownRow> rows;
  for (const MessageCosts& costs : message_costs(member(figures, {"programs"}))) {
    MarkdownRow row = {markdown_text(costs.program), fmt::format("{:.1f}", costs.rank_ns),
                       fmt::format("{:.1f}", costs.engine_ns),
                       fmt::format("{:.1f}", costs.turns_at())};
    for (const StudyEngine& engine : engines) row.push_back(cell(points, costs.program, engine));
    rows.push_back(std::move(row));
  }
  return "A message costs the ranks w of CPU time and the engines r, counted in `shared`. An "
         "engine that is s times as slow, on a core of its own, leads to expect (w + r) / max(w, s "
         "r) over `shared`, however far away it is: *expected*, then measured.\n\n" +
         markdown_table(head, rows);
}

}  // namespace buddy::tools
