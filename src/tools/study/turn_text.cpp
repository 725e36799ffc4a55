#include "tools/study/turn_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tools/report/json.hpp"
#include "tools/study/markdown.hpp"
#include "tools/study/study_engine.hpp"
#include "tools/study/study_figures.hpp"

namespace buddy::tools {
namespace {

/// A speedup with all that the tables need.
struct Point {
  std::string program;
  StudyEngine engine;
  Json of;
};

std::vector<Point> points_over(const Json& figures, const char* over) {
  std::vector<Point> points;
  for (const Json& one : member(figures, {"points"})) {
    if (one["over"] != over || !one["speedup"].is_number() || !one["slowdown"].is_number())
      continue;
    points.push_back({one["program"].get<std::string>(), engine_of(one), one});
  }
  return points;
}

std::set<StudyEngine> engines_of(const std::vector<Point>& points) {
  std::set<StudyEngine> all;
  for (const Point& point : points) all.insert(point.engine);
  return all;
}

double ratio_of(const Json& point) {
  return point["ratio"].is_number() ? point["ratio"].get<double>() : -1;
}

/// Those with the most communication first; those of an unknown ratio before them.
std::vector<std::pair<std::string, Json>> programs_by_ratio(const std::vector<Point>& points) {
  std::vector<std::pair<std::string, Json>> programs;
  for (const Point& point : points) {
    const bool known = std::any_of(programs.begin(), programs.end(),
                                   [&](const auto& one) { return one.first == point.program; });
    if (!known) programs.emplace_back(point.program, point.of);
  }
  std::stable_sort(programs.begin(), programs.end(), [](const auto& one, const auto& other) {
    return ratio_of(one.second) < ratio_of(other.second);
  });
  return programs;
}

std::string interval(const std::vector<Point>& points, const std::string& program,
                     const StudyEngine& engine) {
  for (const Point& point : points) {
    if (point.program == program && point.engine == engine) {
      return markdown_interval(point.of["speedup"], point.of["low"], point.of["high"]);
    }
  }
  return dash;
}

std::string by_engine(const std::vector<Point>& points) {
  const auto engines = engines_of(points);
  MarkdownRow head = {"program", "ratio"};
  for (const StudyEngine& engine : engines) head.push_back(engine.heading());
  std::vector<MarkdownRow> rows;
  for (const auto& [program, any] : programs_by_ratio(points)) {
    MarkdownRow row = {markdown_text(program), markdown_number(any["ratio"], 1)};
    for (const StudyEngine& engine : engines) row.push_back(interval(points, program, engine));
    rows.push_back(std::move(row));
  }
  return markdown_table(head, rows);
}

enum class Sign { gain, loss, open };

/// The whole interval lies on one side of 1, or it does not.
Sign sign_of(const Json& point) {
  const Json& low = point["low"];
  const Json& high = point["high"];
  if (low.is_number() && low.get<double>() > 1) return Sign::gain;
  if (high.is_number() && high.get<double>() < 1) return Sign::loss;
  return Sign::open;
}

/// "3, ratio 1.4 to 90": programs of one sign.
std::string counted(const std::vector<Point>& points, const StudyEngine& engine, Sign sign) {
  int count = 0;
  double low = -1;
  double high = -1;
  for (const Point& point : points) {
    if (point.engine != engine || sign_of(point.of) != sign) continue;
    ++count;
    const double ratio = ratio_of(point.of);
    if (ratio < 0) continue;
    low = low < 0 ? ratio : std::min(low, ratio);
    high = std::max(high, ratio);
  }
  if (low < 0) return fmt::format("{}", count);
  return fmt::format("{}, ratio {:.1f} to {:.1f}", count, low, high);
}

std::string by_sign(const std::vector<Point>& points) {
  std::vector<MarkdownRow> rows;
  for (const StudyEngine& engine : engines_of(points)) {
    rows.push_back({engine.heading(), counted(points, engine, Sign::gain),
                    counted(points, engine, Sign::loss), counted(points, engine, Sign::open)});
  }
  return markdown_table({"engine", "programs that gain", "that lose", "undecided"}, rows);
}

}  // namespace

std::string turn_text(const Json& figures) {
  std::string text =
      "A program gains where the whole interval of its speedup is above 1, and loses where it is "
      "below. The memory-to-communication ratio is measured in `host` placement.\n";
  for (const char* over : {"shared", "host"}) {
    const auto points = points_over(figures, over);
    text += fmt::format("\n### Over `{}`\n\n{}", over, by_engine(points));
    if (!points.empty()) text += "\n" + by_sign(points);
  }
  return text;
}

}  // namespace buddy::tools
