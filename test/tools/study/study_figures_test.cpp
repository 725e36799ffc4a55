#include "tools/study/study_figures.hpp"

#include <gtest/gtest.h>

#include "tools/study/bench_reports.hpp"
#include "tools/study/study_text.hpp"

namespace buddy::tools {
namespace {

using testing::bench_report_of;

/// The application at the preset, at another slowdown, and without any.
StepReports reports() {
  return {{"paper-cache", bench_report_of("transpose", 14.25,
                                          {{"engine", "shared", 1.5, 1.4, 1.6},
                                           {"dpu", "shared", 0.8, 0.7, 0.9},
                                           {"engine", "host", 1.3, 1.2, 1.4}})},
          {"emulation",
           bench_report_of("transpose", nullptr, {{"dpu", "engine", 0.99, 0.97, 1.01}}, 1)},
          {"slow-4", bench_report_of("transpose", nullptr, {{"dpu", "shared", 0.4, 0.3, 0.5}}, 4)},
          {"work-16", bench_report_of("histogram", 90, {{"engine", "shared", 1.01, 0.9, 1.1}})}};
}

TEST(StudyFigures, are_those_of_the_reports) {
  const Json figures = study_figures(reports());
  ASSERT_EQ(figures["programs"].size(), 4u);
  const Json& first = figures["programs"][0];
  EXPECT_EQ(first["step"], "paper-cache");
  EXPECT_EQ(first["program"], "transpose");
  EXPECT_EQ(first["ratio"], 14.25);
  ASSERT_EQ(first["places"].size(), 4u);
  EXPECT_EQ(first["places"][3]["place"], "dpu");
  EXPECT_EQ(first["places"][3]["slowdown"], 2);
  EXPECT_EQ(first["places"][3]["seconds"], 1.5);
  EXPECT_EQ(first["places"][0]["engine_cpu_utilization"], nullptr);
  EXPECT_EQ(figures["programs"][3]["program"], "histogram --work 16");
}

TEST(StudyFigures, a_slower_engine_does_not_change_the_ratio) {
  const Json figures = study_figures(reports());
  bool found = false;
  for (const Json& point : figures["points"]) {
    if (point["step"] != "slow-4") continue;
    found = true;
    EXPECT_EQ(point["ratio"], 14.25);
    EXPECT_EQ(point["slowdown"], 4);
    EXPECT_EQ(point["speedup"], 0.4);
  }
  EXPECT_TRUE(found);
}

TEST(StudyFigures, in_doubt_are_none) {
  Json report = bench_report_of("transpose", 14.25, {{"engine", "shared", 1.5, 1.4, 1.6}});
  report["summary"]["transpose"]["comparisons"][0]["outcome"] = "none";
  const Json figures = study_figures({{"paper-cache", report}});
  EXPECT_EQ(figures["points"][0]["speedup"], nullptr);
  EXPECT_EQ(figures["points"][0]["low"], nullptr);
  EXPECT_EQ(study_text({{"figures", figures}}).find("1.50 [1.40"), std::string::npos);
}

// 12.5 ns of the ranks and 5 ns of the engines: one of 4 times as slow needs 20 ns.
TEST(StudyFigures, cpu_times_tell_what_to_expect_over_shared) {
  const Json figures = study_figures(reports());
  int found = 0;
  for (const Json& point : figures["points"]) {
    if (point["over"] == "host") {
      EXPECT_EQ(point["expected"], nullptr);
    } else if (point["step"] == "slow-4") {
      ++found;
      EXPECT_DOUBLE_EQ(point["expected"].get<double>(), 17.5 / 20);
    } else if (point["step"] == "paper-cache") {
      ++found;  // twice as slow is as good as not slowed down
      EXPECT_DOUBLE_EQ(point["expected"].get<double>(), 17.5 / 12.5);
    }
  }
  EXPECT_EQ(found, 3);
}

TEST(StudyFigures, what_the_emulation_costs_is_no_point_of_the_curve) {
  const Json figures = study_figures(reports());
  ASSERT_EQ(figures["emulation"].size(), 1u);
  EXPECT_EQ(figures["emulation"][0]["speedup"], 0.99);
  for (const Json& point : figures["points"]) EXPECT_NE(point["step"], "emulation");
}

TEST(StudyFigures, that_were_not_measured_are_null) {
  Json report = bench_report_of("transpose", nullptr, {});
  report["summary"]["transpose"].erase("comparisons");
  report["results"][1]["dram_bytes_host"] = nullptr;
  report["summary"]["transpose"]["medians"]["host"]["seconds"] = nullptr;
  const Json figures = study_figures({{"paper-cache", report}});
  EXPECT_EQ(figures["programs"][0]["ratio"], nullptr);
  EXPECT_EQ(figures["programs"][0]["places"][0]["seconds"], nullptr);
  EXPECT_EQ(figures["programs"][0]["places"][1]["dram_bytes_host"], nullptr);
  EXPECT_TRUE(figures["points"].empty());
  EXPECT_EQ(figures["dca"], nullptr);
  EXPECT_EQ(figures["model"], nullptr);
}

TEST(StudyFigures, of_reports_that_hold_anything_are_none) {
  for (const char* odd :
       {"null", "7", "[]", R"({"summary": 3, "results": {}})",
        R"({"summary": {"x": []}, "results": [1, "a", {"workload": "x"}]})",
        R"({"summary": {"x": {"medians": {"host": 3}, "comparisons": [1, {}]}}})"}) {
    for (const char* step :
         {"paper-cache", "work-4", "emulation", "slow-4", "dca", "model", "tune-x"}) {
      const Json figures = study_figures({{step, Json::parse(odd)}});
      EXPECT_FALSE(study_text({{"figures", figures}}).empty());
    }
  }
}

/// The line of a page that begins with \p begin.
std::string line_of(const std::string& text, const std::string& begin) {
  const auto at = text.find("\n" + begin);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

TEST(StudyText, has_a_line_for_each_program_with_intervals_and_the_papers_figure) {
  const std::string text = study_text({{"figures", study_figures(reports())}});
  EXPECT_EQ(line_of(text, "| transpose | 14.2 | 1.50"),
            "| transpose | 14.2 | 1.50 [1.40, 1.60] | 1.30 [1.20, 1.40] | 0.80 [0.70, 0.90] | - | "
            "1.32 |");
  EXPECT_EQ(line_of(text, "| transpose | host |"),
            "| transpose | host | 1.500 | 75 % | 1.250 | - | 3 | - |");
}

TEST(StudyText, tells_gains_from_losses_by_whole_intervals) {
  const std::string text = study_text({{"figures", study_figures(reports())}});
  EXPECT_EQ(line_of(text, "| engine | 1"),
            "| engine | 1, ratio 14.2 to 14.2 | 0 | 1, ratio 90.0 to 90.0 |");
  EXPECT_EQ(line_of(text, "| 2 times as slow | "),
            "| 2 times as slow | 0 | 1, ratio 14.2 to 14.2 | 0 |");
  EXPECT_EQ(line_of(text, "| program | ratio | "),
            "| program | ratio | engine | 2 times as slow | 4 times as slow |");
}

// As slow, and farther away: another engine, with figures of its own.
TEST(StudyText, different_engines_have_headings_of_their_own) {
  StepReports all = reports();
  Json far = bench_report_of("transpose", nullptr, {{"dpu", "shared", 0.6, 0.5, 0.7}}, 2);
  Json none = bench_report_of("transpose", nullptr, {{"dpu", "shared", 1.1, 1.05, 1.2}}, 1);
  for (Json& run : far["results"]) {
    if (run["placement"] == "dpu") run["dpu"].update({{"latency_us", 1.5}, {"gbit", 200}});
  }
  all.emplace_back("slow-2", far);
  all.emplace_back("slow-1", none);
  const std::string text = study_text({{"figures", study_figures(all)}});
  EXPECT_EQ(line_of(text, "| program | ratio | "),
            "| program | ratio | engine | 1 times as slow | 2 times as slow | 2 times as slow, "
            "1.5 us away, 200 Gbit/s | 4 times as slow |");
  EXPECT_NE(text.find("| 1.50 [1.40, 1.60] | 1.10 [1.05, 1.20] | 0.80 [0.70, 0.90] | 0.60 [0.50, "
                      "0.70] | 0.40 [0.30, 0.50] |"),
            std::string::npos)
      << text;
}

TEST(StudyText, has_expected_speedups_beside_those_that_were_measured) {
  const std::string text = study_text({{"figures", study_figures(reports())}});
  EXPECT_EQ(line_of(text, "| program | w, ns"),
            "| program | w, ns | r, ns | turns at | engine | 2 times as slow | 4 times as slow |");
  EXPECT_EQ(line_of(text, "| transpose | 12.5 | "),
            "| transpose | 12.5 | 5.0 | 3.5 | *1.40* 1.50 | *1.40* 0.80 | *0.88* 0.40 |");
}

// Engines that differ in their latency alone are two.
TEST(StudyText, expected_speedups_have_a_column_for_each_engine) {
  StepReports all = reports();
  Json far = bench_report_of("transpose", nullptr, {{"dpu", "shared", 0.6, 0.5, 0.7}}, 2);
  for (Json& run : far["results"]) {
    if (run["placement"] == "dpu") run["dpu"].update({{"latency_us", 1.5}, {"gbit", 200}});
  }
  all.emplace_back("slow-2", far);
  const std::string text = study_text({{"figures", study_figures(all)}});
  EXPECT_EQ(
      line_of(text, "| program | w, ns"),
      "| program | w, ns | r, ns | turns at | engine | 2 times as slow | 2 times as slow, 1.5 "
      "us away, 200 Gbit/s | 4 times as slow |");
  EXPECT_EQ(
      line_of(text, "| transpose | 12.5 | "),
      "| transpose | 12.5 | 5.0 | 3.5 | *1.40* 1.50 | *1.40* 0.80 | *1.40* 0.60 | *0.88* 0.40 "
      "|");
}

TEST(StudyText, says_what_is_not_to_be_quoted_and_what_is_not_there) {
  const std::string quick =
      study_text({{"setup", {{"quick", true}}}, {"partial", true}, {"figures", study_figures({})}});
  EXPECT_NE(quick.find("Not for quoting"), std::string::npos);
  EXPECT_NE(quick.find("not complete"), std::string::npos);
  EXPECT_NE(quick.find("Not measured yet."), std::string::npos);
  const std::string whole = study_text({{"setup", {{"quick", false}}}, {"partial", false}});
  EXPECT_EQ(whole.find("Not for quoting"), std::string::npos);
  EXPECT_EQ(whole.find("not complete"), std::string::npos);
}

TEST(StudyText, takes_nothing_for_markup) {
  const std::string text = study_text(
      {{"machine", {{"host_name", "a|b<script>\n# x"}}}, {"figures", study_figures({})}});
  EXPECT_NE(text.find(R"(a\|b\<script\>\\n\# x)"), std::string::npos);
}

}  // namespace
}  // namespace buddy::tools
