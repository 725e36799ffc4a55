// From a profile's JSON to a prediction, and what cannot be predicted from.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "support/sandbox.hpp"
#include "tools/predict/engine_file.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/predict/predict_report.hpp"
#include "tools/profile/profiles.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using Json = nlohmann::ordered_json;
using buddy::testing::Sandbox;

Json profile() {
  return profile_report(testing::host_job(), {}, describe_machine(), {"buddy", "profile"});
}

TEST(HostRunJson, takes_cpu_time_by_activity) {
  const auto run = host_run_of(profile());
  ASSERT_TRUE(run.ok()) << run.status().message();
  ASSERT_EQ(run.value().ranks.size(), 2u);
  // 0.8 s awake, of which the rank had 0.5 s of its CPU.
  EXPECT_NEAR(run.value().ranks[0].handlers, 0.4 * 0.5 / 0.8, 1e-9);
  EXPECT_NEAR(run.value().ranks[0].waiting, 0.0, 1e-9);
  EXPECT_EQ(run.value().host_cpus, 1);
  EXPECT_EQ(run.value().nodes, 2);
  EXPECT_NEAR(run.value().idle_seconds(), 0.0, 1e-9);
}

TEST(HostRunJson, knows_how_many_messages_were_forwarded) {
  Json seen = profile();
  seen["total"]["messages"] = 100;
  seen["total"]["records_forwarded"] = 75;
  EXPECT_DOUBLE_EQ(host_run_of(seen).value().forwards, 0.75);
  seen["total"]["records_forwarded"] = 300;  // fragments count one by one
  EXPECT_DOUBLE_EQ(host_run_of(seen).value().forwards, 1.0);
  seen["total"].erase("records_forwarded");  // a profile from before there was forwarding
  EXPECT_DOUBLE_EQ(host_run_of(seen).value().forwards, 0.0);
  seen["total"]["records_forwarded"] = -1;
  EXPECT_FALSE(host_run_of(seen).ok());
}

TEST(HostRunJson, comes_back_as_it_was) {
  Json seen = profile();
  seen["total"]["records_forwarded"] = 1;
  const auto run = host_run_of(seen);
  ASSERT_TRUE(run.ok());
  const auto again = host_run_from_json(to_json(run.value()));
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(to_json(again.value()), to_json(run.value()));
}

TEST(HostRunJson, refuses_what_it_cannot_use) {
  EXPECT_EQ(host_run_of(Json()).status().code(), ErrorCode::corrupt);
  EXPECT_EQ(host_run_of(Json::object()).status().code(), ErrorCode::invalid_argument);
  Json other = profile();
  other["schema"] = "buddy.profile.v2";
  EXPECT_NE(host_run_of(other).status().message().find("buddy.profile.v2"), std::string::npos);
  EXPECT_NE(host_run_of(other).status().message().find("no profile of this version"),
            std::string::npos);
  other["schema"] = "buddy.bench.v1";
  EXPECT_NE(host_run_of(other).status().message().find(
                "this is no profile (its schema is \"buddy.bench.v1\""),
            std::string::npos);
  EXPECT_NE(host_run_of(Json{{"schema", "buddy.profile.v1"}})
                .status()
                .message()
                .find("it does not say in which placement"),
            std::string::npos);
  Json engine = profile();
  engine["job"]["placement"] = "engine";
  EXPECT_EQ(host_run_of(engine).status().code(), ErrorCode::invalid_argument);
  Json null = profile();
  null["total"]["seconds"] = nullptr;
  EXPECT_NE(host_run_of(null).status().message().find("'seconds' is null"), std::string::npos);
  Json empty = profile();
  empty["ranks"] = Json::array();
  EXPECT_EQ(host_run_of(empty).status().code(), ErrorCode::corrupt);
  Json words = profile();
  words["ranks"][0]["time"] = "much";
  EXPECT_EQ(host_run_of(words).status().code(), ErrorCode::corrupt);
}

Result<predict::EngineDescription> engine_of(const std::string& text) {
  return read_engine(Json::parse(text, nullptr, false));
}

TEST(EngineFile, mistyped_name_is_told_from_a_file_that_is_missing) {
  EXPECT_NE(choose_engine("bluefeld3").status().message().find("did you mean 'bluefield3'?"),
            std::string::npos);
  EXPECT_NE(choose_engine("/nowhere/my.json").status().message().find("describe yours in a file"),
            std::string::npos);
}

TEST(EngineFile, reads_a_description) {
  const auto engine = engine_of(R"({"schema": "buddy.engine.v1", "name": "mine", "cores": 8,
      "speed": 0.5, "link_gb_per_s": 25, "memory_gb_per_s": null})");
  ASSERT_TRUE(engine.ok()) << engine.status().message();
  EXPECT_EQ(engine.value().name, "mine");
  EXPECT_EQ(engine.value().cores, 8);
  EXPECT_DOUBLE_EQ(engine.value().network_speed, 0.5);
  EXPECT_FALSE(engine.value().memory_gb_per_s);
  EXPECT_TRUE(engine.value().extrapolated);
}

TEST(EngineFile, the_example_of_the_format_page_works) {
  std::string text;
  for (const std::string& line : buddy::testing::first_block(
           buddy::testing::Page("formats/engine_json.md").section("Description of an engine"))) {
    text += line;
  }
  EXPECT_TRUE(engine_of(text).ok()) << engine_of(text).status().message();
}

TEST(EngineFile, refuses_slips) {
  for (const char* text : {"", "[]", "{}", R"({"schema": "buddy.engine.v1", "spede": 1})",
                           R"({"schema": "buddy.engine.v1", "speed": 0})",
                           R"({"schema": "buddy.engine.v1", "cores": 1.5})",
                           R"({"schema": "buddy.engine.v1", "cores": "two"})",
                           R"({"schema": "buddy.engine.v1", "link_latency_us": -1})",
                           R"({"schema": "buddy.engine.v1", "speed": 1e-320})",
                           R"({"schema": "buddy.engine.v1", "network_speed": 1e308})",
                           R"({"schema": "buddy.engine.v1", "workers": 1000000000})",
                           R"({"schema": "buddy.engine.v1", "cores": null})",
                           R"({"schema": "buddy.engine.v1", "name": "two\nlines"})",
                           R"({"schema": "buddy.engine.v2"})"}) {
    EXPECT_EQ(engine_of(text).status().code(), ErrorCode::invalid_argument) << text;
  }
  EXPECT_EQ(choose_engine("no-such-engine").status().code(), ErrorCode::invalid_argument);
  EXPECT_TRUE(choose_engine("bluefield3").ok());
}

TEST(EngineFile, an_emulated_dpu_is_an_engine) {
  const auto engine = choose_engine("slowdown=2.5,latency_us=1.2,gbit=200");
  ASSERT_TRUE(engine.ok()) << engine.status().message();
  EXPECT_DOUBLE_EQ(engine.value().speed, 0.4);
  EXPECT_DOUBLE_EQ(engine.value().network_speed, 0.4);
  EXPECT_DOUBLE_EQ(engine.value().link_latency_us, 1.2);
  EXPECT_DOUBLE_EQ(engine.value().link_gb_per_s.value_or(0), 25);
  EXPECT_TRUE(engine.value().extrapolated);
  EXPECT_FALSE(choose_engine("slowdown=1").value().extrapolated);
  EXPECT_NE(choose_engine("slowdown=2,3").status().message().find("are 2 engines"),
            std::string::npos);
  EXPECT_NE(choose_engine("slowdown=0.5").status().message().find("1 to 1000"), std::string::npos);
  EXPECT_EQ(choose_engine("slowdown=0.5").status().message().find("--dpu"), std::string::npos);
}

/// Three points of two applications.
Model small_model() {
  Model model;
  model.machine = describe_machine().to_json();
  const auto run = host_run_of(profile());
  for (const char* application : {"a", "a", "b"}) {
    ModelPoint point;
    point.of = {.application = application, .options = {"--x"}, .fabric = "shm", .work = 1};
    point.run = run.value();
    point.run.memory_to_communication_ratio = 3;
    point.pairs = {{1.1, 1.0, 60}, {1.2, 1.0}, {1.3, 1.0, 600}};
    model.points.push_back(point);
  }
  fit_and_judge(model);
  return model;
}

/// The same with two emulated DPUs, and a program outside the sweep.
Model emulated_model() {
  Model model = small_model();
  for (ModelPoint& point : model.points) {
    point.machine = "one";
    point.emulated = {{{1.5, 0, std::nullopt}, {{1.1, 1.0}, {1.2, 1.1}}},
                      {{4, 1.5, 200}, {{1.1, 2.0}, {1.2, 2.1}}}};
  }
  model.points.push_back(model.points.front());
  model.points.back().of.outside = true;
  fit_and_judge(model);
  return model;
}

Json model_json() { return model_report(small_model(), {"buddy"}); }

TEST(ModelPoint, pairs_of_the_same_program_are_put_together) {
  std::vector<ModelPoint> points = small_model().points;
  points.resize(1);
  std::vector<ModelPoint> more = points;
  more[0].pairs.resize(1);
  more[0].run.seconds = points[0].run.seconds + 4;
  more.push_back(points[0]);
  more[1].of.fabric = "ucx";
  const double before = points[0].run.seconds;
  add_points(points, more);
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].pairs.size(), 4u);
  EXPECT_DOUBLE_EQ(points[0].run.seconds, before + 1);
  more.resize(1);
  more[0].run.ranks.resize(1);  // measured on fewer ranks: another program
  add_points(points, more);
  EXPECT_EQ(points.size(), 3u);
}

TEST(ModelPoint, emulated_runs_are_put_together_by_dpu_and_machine) {
  std::vector<ModelPoint> points = emulated_model().points;
  points.resize(1);
  std::vector<ModelPoint> more = points;
  more[0].emulated[1].dpu.slowdown = 8;
  add_points(points, more);
  ASSERT_EQ(points.size(), 1u);
  ASSERT_EQ(points[0].emulated.size(), 3u);
  EXPECT_EQ(points[0].emulated[0].pairs.size(), 4u);
  EXPECT_EQ(points[0].emulated[2].pairs.size(), 2u);
  more[0].machine = "another";
  add_points(points, more);
  EXPECT_EQ(points.size(), 2u);
}

TEST(ModelPoint, is_decided_when_the_interval_is_on_one_side) {
  ModelPoint point;
  point.pairs = {{1.2, 1}, {1.22, 1}, {1.18, 1}, {1.2, 1}, {1.16, 1}};
  EXPECT_TRUE(point.decided());
  point.pairs[4] = {0.9, 1};  // four of five say that it pays, and the interval reaches below 1.05
  EXPECT_FALSE(point.decided());
  point.pairs.resize(1);  // one pair has no interval
  EXPECT_FALSE(point.decided());
  point.pairs = {{1.02, 1}, {1.0, 1}, {0.99, 1}, {1.01, 1}};
  EXPECT_TRUE(point.decided());
}

TEST(ModelDocument, comes_back_as_it_was) {
  const auto again = read_model(model_json());
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again.value().points.size(), 3u);
  EXPECT_EQ(again.value().fitted.coefficients.values, small_model().fitted.coefficients.values);
}

TEST(ModelDocument, a_partial_one_stays_partial) {
  Json document = model_json();
  EXPECT_FALSE(read_model(document).value().partial());
  document["partial"] = true;
  const Model model = read_model(document).value();
  EXPECT_TRUE(model.partial());
  EXPECT_NE(format_model(model_report(model, {})).find("PARTIAL: stopped before all programs"),
            std::string::npos);
}

TEST(ModelDocument, emulated_dpus_come_back) {
  const Json written = model_report(emulated_model(), {});
  const auto again = read_model(written);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(model_report(again.value(), {}), written);
  EXPECT_EQ(again.value().points[0].emulated[1].dpu, (predict::EmulatedDpu{4, 1.5, 200}));
  EXPECT_TRUE(again.value().points[3].of.outside);
  const Json& summary = written["summary"];
  EXPECT_EQ(summary["runs"], 3);
  EXPECT_EQ(summary["outside"]["programs"], 1);
  EXPECT_EQ(summary["extrapolation"]["sweep"]["programs"], 6);
  EXPECT_EQ(summary["extrapolation"]["outside"]["programs"], 2);
  EXPECT_EQ(summary["extrapolation"]["engines"][1]["slowdown"], 4);
  const std::string text = format_model(written);
  EXPECT_NE(text.find("slowed down 4.0 times: median error"), std::string::npos) << text;
  EXPECT_NE(text.find("(outside)"), std::string::npos) << text;
}

// What is not there is said, and goes with the report until it has been measured.
TEST(ModelDocument, programs_that_were_not_measured_are_named) {
  Model model = small_model();
  model.points[0].passed_over = "the ranks got 60 % of the CPU time";
  EXPECT_EQ(model_report(model, {})["partial"], false);
  EXPECT_EQ(model_report(model, {})["missing"], Json::array());
  const ModelCase lost{.application = "b", .options = {"--y", "2"}, .fabric = "ucx", .work = 6};
  model.missing = {{lost, "the runs were too short"}};
  const Json report = model_report(model, {});
  EXPECT_EQ(report["partial"], true);
  EXPECT_EQ(report["missing"][0]["application"], "b");
  EXPECT_EQ(report["results"][0]["passed_over"], "the ranks got 60 % of the CPU time");
  EXPECT_TRUE(report["results"][1]["passed_over"].is_null());
  EXPECT_NE(format_model(report).find("PARTIAL: 1 program(s) are missing\n"
                                      "  b --y 2 over ucx: the runs were too short\n"),
            std::string::npos);
  const auto again = read_model(report);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(model_report(again.value(), {}), report);
  for (const char* bad : {R"(7)", R"([1])", R"([{"application": "b"}])"}) {
    Json damaged = report;
    damaged["missing"] = Json::parse(bad);
    EXPECT_EQ(read_model(damaged).status().code(), ErrorCode::corrupt) << bad;
  }
}

TEST(ModelPoint, is_missing_until_another_time_has_it) {
  std::vector<MissingProgram> missing;
  const std::vector<ModelPoint> points = small_model().points;
  MissingProgram other{points[0].of, "too short"};
  other.of.fabric = "ucx";
  add_missing(missing, {{points[0].of, "too short"}, other, other}, points);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].of.fabric, "ucx");
  std::vector<ModelPoint> more = points;
  more[0].of = other.of;
  add_missing(missing, {}, more);
  EXPECT_TRUE(missing.empty());
}

// Files of versions that knew no emulated DPUs, and one machine for all results.
TEST(ModelDocument, older_ones_are_read) {
  Json old = model_json();
  for (Json& result : old["results"]) {
    for (const char* key : {"machine", "outside", "learned", "emulated", "passed_over"})
      result.erase(key);
  }
  old.erase("missing");
  const auto model = read_model(old);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ(model.value().points[0].machine, machine_words(old["machine"]));
  EXPECT_FALSE(model.value().points[0].of.outside);
  EXPECT_TRUE(model_report(model.value(), {})["summary"]["extrapolation"].is_null());
}

TEST(ModelDocument, refuses_emulated_dpus_that_cannot_be) {
  const Json good = model_report(emulated_model(), {});
  const auto refused = [&](auto change) {
    Json bad = good;
    change(bad["results"][0]);
    EXPECT_EQ(read_model(bad).status().code(), ErrorCode::corrupt) << bad["results"][0];
  };
  refused([](Json& result) { result["emulated"] = 1; });
  refused([](Json& result) { result["emulated"][0]["slowdown"] = 0.5; });
  refused([](Json& result) { result["emulated"][0]["pairs"] = Json::array(); });
  refused([](Json& result) { result["emulated"][0] = result["emulated"][1]; });
  refused([](Json& result) { result["emulated"][0].erase("latency_us"); });
  refused([](Json& result) { result["outside"] = "yes"; });
  refused([](Json& result) { result["machine"] = "two\nlines"; });
}

TEST(ModelDocument, refuses_what_it_cannot_use) {
  Json model = model_json();
  model["schema"] = "buddy.bench.v1";
  EXPECT_EQ(read_model(model).status().code(), ErrorCode::invalid_argument);
  model = model_json();
  model["results"] = Json::array();
  EXPECT_EQ(read_model(model).status().code(), ErrorCode::corrupt);
  model = model_json();
  model["results"][1].erase("pairs");
  EXPECT_EQ(read_model(model).status().code(), ErrorCode::corrupt);
  model = model_json();
  model["results"][1]["run"]["seconds"] = nullptr;
  EXPECT_EQ(read_model(model).status().code(), ErrorCode::corrupt);
}

TEST(ModelDocument, the_reference_has_all_applications) {
  EXPECT_GT(reference_model().points.size(), 20u);
}

/// A profile whose ranks used a second of CPU time on one CPU, and lost some.
Json disturbed_profile(double lost_cpu_seconds) {
  Json document = profile();
  document["total"]["lost_cpu_seconds"] = lost_cpu_seconds;
  return document;
}

Json prediction_of(const Json& document) {
  const auto run = host_run_of(document);
  EXPECT_TRUE(run.ok()) << run.status().message();
  return predict_report(document, run.value(), choose_engine("x86").value(), small_model(), {});
}

TEST(HostRunJson, time_that_others_took_is_no_waiting) {
  Json document = disturbed_profile(0.5);
  document["total"]["seconds"] = 1.5;  // one second of work, half a second of others'
  const auto run = host_run_of(document);
  ASSERT_TRUE(run.ok()) << run.status().message();
  EXPECT_DOUBLE_EQ(run.value().seconds, 1.0);
  EXPECT_NEAR(run.value().idle_seconds(), 0.0, 1e-9);
}

TEST(PredictReport, has_no_verdict_from_a_profile_in_doubt) {
  const Json report = prediction_of(disturbed_profile(0.5));
  EXPECT_EQ(report["verdict"]["outcome"], "none");
  EXPECT_TRUE(report["physical"]["pays"].is_null());
  const std::string text = format_prediction(report);
  EXPECT_NE(text.find("verdict         No verdict on program: the profiled ranks got 67 % of the "
                      "CPU time"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("would"), std::string::npos) << text;
}

TEST(PredictReport, has_no_verdict_from_a_profile_that_is_too_short) {
  Json document = profile();
  document["total"]["seconds"] = 0.01;
  const Json report = prediction_of(document);
  EXPECT_EQ(report["verdict"]["outcome"], "none");
  EXPECT_EQ(report["doubts"][0]["kind"], "short_runs");
}

TEST(PredictReport, terminal_and_document_say_the_same) {
  const Json report = prediction_of(disturbed_profile(0.05));
  const std::string verdict = report["verdict"]["text"].get<std::string>();
  EXPECT_EQ(verdict.find("Offloading would "), 0u) << verdict;
  EXPECT_NE(verdict.find("for program: predicted speedup"), std::string::npos) << verdict;
  EXPECT_NE(format_prediction(report).find(verdict), std::string::npos);
}

TEST(PredictReport, says_what_is_extrapolated_and_what_is_not_known) {
  const Json known = profile();
  const auto run = host_run_of(known);
  const auto engine = choose_engine("bluefield3");
  const Json report =
      predict_report(known, run.value(), engine.value(), small_model(), {"buddy", "predict"});
  EXPECT_TRUE(report["engine"]["extrapolated"].get<bool>());
  EXPECT_TRUE(report["ratio_rule"]["pays"].is_null());
  const std::string text = format_prediction(report);
  EXPECT_NE(text.find("EXTRAPOLATED"), std::string::npos) << text;
  EXPECT_NE(text.find("no memory-to-communication ratio"), std::string::npos) << text;
}

// The interval of the normal engine says nothing about others.
TEST(PredictReport, an_extrapolation_without_emulated_engines_has_no_interval) {
  const Json known = profile();
  const auto run = host_run_of(known);
  for (const auto& [engine, model] :
       {std::pair("bluefield3", small_model()), std::pair("slowdown=5", emulated_model())}) {
    const Json report =
        predict_report(known, run.value(), choose_engine(engine).value(), model, {});
    const Json& speedup = report["physical"]["speedup"];
    EXPECT_TRUE(speedup["low"].is_null() && speedup["high"].is_null()) << speedup;
    const std::string text = format_prediction(report);
    EXPECT_EQ(text.find("nine in ten"), std::string::npos) << text;
    EXPECT_NE(text.find(fmt::format("speedup         {:.2f}, how far off is not known for such an "
                                    "engine\n",
                                    speedup["predicted"].get<double>())),
              std::string::npos)
        << text;
    const std::string verdict = report["verdict"]["text"];
    EXPECT_TRUE(verdict.starts_with("Offloading would probably ")) << verdict;
    EXPECT_NE(verdict.find("(how far off is not known for such an engine) on "), std::string::npos)
        << verdict;
  }
}

// Programs outside the sweep judge a model, and it is not fitted on them.
TEST(PredictReport, counts_the_runs_that_the_model_was_fitted_on) {
  const Json known = profile();
  const Json report = predict_report(known, host_run_of(known).value(),
                                     choose_engine("x86").value(), emulated_model(), {});
  EXPECT_EQ(report["model"]["runs"], 3);
  EXPECT_NE(format_prediction(report).find("fitted on       3 runs"), std::string::npos);
}

TEST(PredictReport, an_extrapolation_says_how_far_off_it_was_on_emulated_engines) {
  const Json known = profile();
  const auto run = host_run_of(known);
  const auto engine = choose_engine("slowdown=2");
  const Model model = emulated_model();
  const Json report = predict_report(known, run.value(), engine.value(), model, {});
  EXPECT_EQ(report["extrapolation"]["slowdowns"], Json({1.5, 4.0}));
  const double outside = model.unseen.extrapolation_outside.median_error.value_or(-1);
  EXPECT_DOUBLE_EQ(report["extrapolation"]["outside_median_error"].get<double>(), outside);
  EXPECT_DOUBLE_EQ(report["extrapolation"]["median_error"].get<double>(),
                   model.unseen.extrapolation.median_error.value_or(-1));
  const std::string text = format_prediction(report);
  EXPECT_NE(text.find("EXTRAPOLATED: the model has seen no such engine; on emulated ones, slowed "
                      "down 1.5, 4 times, it was off by"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(fmt::format("; on programs outside the sweep by {:.0f} % in the median\n",
                                  outside * 100)),
            std::string::npos)
      << text;
  const Json& speedup = report["physical"]["speedup"];
  const predict::Interval interval =
      model.unseen.extrapolation_interval.value_or(predict::Interval{0, 0});
  const double predicted = speedup["predicted"].get<double>();
  EXPECT_DOUBLE_EQ(speedup["low"].get<double>(), predicted * interval.low);
  EXPECT_FALSE(report["learned"]["offered"].get<bool>());
  const Json near = predict_report(known, run.value(), choose_engine("x86").value(), model, {});
  EXPECT_TRUE(near["extrapolation"].is_null());
  EXPECT_DOUBLE_EQ(near["physical"]["speedup"]["low"].get<double>(),
                   near["physical"]["speedup"]["predicted"].get<double>() *
                       model.unseen.interval.value_or(predict::Interval{0, 0}).low);
}

// Whatever the engine: it is told, and its work is scaled with the rest.
TEST(PredictReport, says_that_the_profiled_engines_forwarded) {
  Json known = profile();
  EXPECT_TRUE(predict_report(known, host_run_of(known).value(), choose_engine("x86").value(),
                             small_model(), {})["forwarding"]
                  .is_null());
  known["job"]["routing"] = "grid";
  known["total"]["messages"] = 100;
  known["total"]["records_forwarded"] = 40;
  for (const char* engine : {"x86", "bluefield3", "slowdown=2"}) {
    const Json report = predict_report(known, host_run_of(known).value(),
                                       choose_engine(engine).value(), small_model(), {});
    EXPECT_EQ(report["forwarding"]["routing"], "grid");
    EXPECT_DOUBLE_EQ(report["forwarding"]["forwards"].get<double>(), 0.4);
    const std::string text = format_prediction(report);
    EXPECT_NE(text.find("routing         routing was grid, and 0.40 of the messages"),
              std::string::npos)
        << text;
  }
}

/// A sweep whose speedups the learned model explains and the physical one does not.
TEST(PredictReport, a_learned_model_that_is_better_is_offered) {
  if (predict::LearnedModel::library().empty()) return;  // built without it
  Model model = small_model();
  const ModelPoint pattern = model.points.front();
  model.points.clear();
  for (int i = 0; i < 40; ++i) {
    ModelPoint point = pattern;
    point.of.application = "a" + std::to_string(i % 8);
    for (predict::RankWork& rank : point.run.ranks) rank.network = 0.01 * (i + 1);
    point.run.seconds = point.run.total().sum();
    const double physical =
        predict::predicted_speedup({.application = "", .run = point.run},
                                   *predict::preset_engine("x86"), predict::plain_coefficients());
    point.pairs = {{physical * (i % 2 == 0 ? 1.2 : 1.25), 1.0}};
    model.points.push_back(point);
  }
  fit_and_judge(model);
  ASSERT_TRUE(model.unseen.learned_is_better());
  const Json known = profile();
  const Json report =
      predict_report(known, host_run_of(known).value(), choose_engine("x86").value(), model, {});
  EXPECT_TRUE(report["learned"]["offered"].get<bool>());
  EXPECT_GT(report["learned"]["speedup"]["predicted"], report["physical"]["speedup"]["predicted"]);
  EXPECT_NE(format_prediction(report).find("learned model   "), std::string::npos);
  EXPECT_EQ(model_report(model, {})["fitted"]["learned"]["offered"], true);
}

TEST(PredictReport, the_format_pages_name_all_keys) {
  const Json known = profile();
  const auto run = host_run_of(known);
  const Json report =
      predict_report(known, run.value(), choose_engine("x86").value(), small_model(), {});
  const auto compare = [](const char* file, const char* section, const Json& object) {
    std::vector<std::string> documented;
    for (const auto& row :
         buddy::testing::first_table(buddy::testing::Page(file).section(section))) {
      documented.push_back(row.at(0));
    }
    std::vector<std::string> written;
    for (const auto& [key, value] : object.items()) written.push_back(key);
    EXPECT_EQ(documented, written) << file << ": " << section;
  };
  compare("formats/predict_json.md", "Prediction", report);
  compare("formats/predict_json.md", "`physical`", report["physical"]);
  compare("formats/model_json.md", "Model", model_json());
  compare("formats/model_json.md", "`results`", model_json()["results"][0]);
  Model partial = small_model();
  partial.missing = {{partial.points[0].of, "too short"}};
  compare("formats/model_json.md", "`missing`", model_report(partial, {})["missing"][0]);
  compare("formats/model_json.md", "`emulated`",
          model_report(emulated_model(), {})["results"][0]["emulated"][0]);
}

}  // namespace
}  // namespace buddy::tools
