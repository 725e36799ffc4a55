// Documents that are nearly right: whatever is changed in one, it is refused in one line, or all
// that is derived from it is finite, and in time.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "support/seeds.hpp"
#include "tools/predict/engine_file.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/predict/predict_report.hpp"
#include "tools/profile/profiles.hpp"
#include "tools/report/json_file.hpp"

namespace buddy::tools {
namespace {

using buddy::test::Random;

const std::vector<Json>& nasty_values() {
  static const std::vector<Json> values = {nullptr,
                                           true,
                                           "",
                                           "x",
                                           "1",
                                           0,
                                           -0.0,
                                           1,
                                           -1,
                                           0.5,
                                           1e-320,
                                           -1e-320,
                                           1e-12,
                                           1e-9,
                                           1e-3,
                                           1e3,
                                           1e9,
                                           1e12,
                                           1e18,
                                           1e19,
                                           1e300,
                                           1.7e308,
                                           -1.7e308,
                                           -9.2e18,
                                           2147483648,
                                           -2147483649,
                                           9223372036854775807,
                                           ~std::uint64_t{0},
                                           Json::array(),
                                           Json::object(),
                                           Json::array({1, 2}),
                                           Json::object({{"median", 1}}),
                                           std::string(5000, 'x'),
                                           "two\nlines",
                                           "\x7f"};
  return values;
}

/// A place in a document: a member or an element.
struct Spot {
  Json* parent;
  std::size_t index;

  Json::iterator at() const {
    return std::next(parent->begin(), static_cast<std::ptrdiff_t>(index));
  }
};

void collect(Json& json, std::vector<Spot>& spots) {
  if (!json.is_structured()) return;
  std::size_t index = 0;
  for (Json& value : json) {
    spots.push_back({&json, index++});
    collect(value, spots);
  }
}

void mutate(Json& document, Random& random) {
  std::vector<Spot> spots;
  collect(document, spots);
  if (spots.empty()) return;
  const Spot& spot = spots[random.below(spots.size())];
  Json* const parent = spot.parent;
  const auto at = spot.at();
  switch (random.below(6)) {
    case 0: parent->erase(at); break;
    case 1:
      if (parent->is_array()) parent->push_back(*at);
      break;
    case 2:  // another value of the same document, so that types often fit
    {
      Json copy = *spots[random.below(spots.size())].at();
      *at = std::move(copy);
      break;
    }
    case 3:
      if (at->is_number())
        *at = at->get<double>() * std::pow(10.0, 40.0 * random.below(17) / 16 - 20);
      break;
    default: *at = nasty_values()[random.below(nasty_values().size())];
  }
}

/// Changed values, and now and then changed text.
Result<Json> damaged(Json document, Random& random) {
  const std::uint32_t changes = random.between(1, 3);
  for (std::uint32_t i = 0; i < changes; ++i) mutate(document, random);
  std::string text = document.dump();
  if (random.one_in(8)) text.resize(random.below(text.size() + 1));
  if (random.one_in(8) && !text.empty()) {
    text[random.below(text.size())] = static_cast<char>(random.bits());
  }
  return parse_json(text, "document", "make it again");
}

void expect_finite(const Json& json, const std::string& where) {
  if (json.is_number()) {
    EXPECT_TRUE(std::isfinite(json.get<double>())) << where;
    return;
  }
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) expect_finite(value, where + "/" + key);
}

void expect_refused(const Status& status) {
  EXPECT_FALSE(status.message().empty());
  EXPECT_EQ(status.message().find('\n'), std::string::npos) << status.message();
  EXPECT_LT(status.message().size(), 500U) << status.message();
}

/// Runs \p seeds, each of which must be over in time.
template <class Test>
void for_each_document(std::uint64_t seeds, Test test) {
  std::uint64_t accepted = 0;
  buddy::test::for_each_seed(seeds, [&](std::uint64_t seed) {
    Random random(seed);
    const auto begin = std::chrono::steady_clock::now();
    if (test(random)) ++accepted;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  });
  std::cout << accepted << " were accepted" << std::endl;
}

Json profile() {
  return profile_report(testing::host_job(), {}, describe_machine(), {"buddy", "profile"});
}

Json engine() {
  return {{"schema", "buddy.engine.v1"},
          {"name", "mine"},
          {"text", "slow"},
          {"cores", 8},
          {"workers", 4},
          {"speed", 0.5},
          {"network_speed", 0.25},
          {"link_gb_per_s", 25},
          {"link_latency_us", 1.5},
          {"memory_gb_per_s", 80},
          {"wire_gb_per_s", 50},
          {"dram_bytes_per_byte", 2}};
}

Model small_model() {
  Model model;
  model.machine = describe_machine().to_json();
  model.calibration = Json{{"ring_ns_per_byte", 0.2}, {"wake_us", 30}};
  const auto run = host_run_of(profile()).value();
  for (const char* application : {"a", "b", "c"}) {
    ModelPoint point;
    point.of = {.application = application, .options = {"--x"}, .fabric = "shm", .work = 1};
    point.run = run;
    point.run.memory_to_communication_ratio = 3;
    point.pairs = {{1.1, 1.0, 60}, {1.2, 1.0}, {1.3, 1.0, 600}, {1.4, 1.0}};
    model.points.push_back(point);
  }
  fit_and_judge(model);
  return model;
}

Json model_json(const Model& model) { return model_report(model, {"buddy"}); }

void expect_finite_prediction(const Json& document, const predict::HostRun& run,
                              const predict::EngineDescription& engine, const Model& model) {
  const Json report = predict_report(document, run, engine, model, {"buddy"});
  expect_finite(report["physical"], "physical");
  expect_finite(report["ratio_rule"], "ratio_rule");
  expect_finite(report["sweep"], "sweep");
  const std::string text = format_prediction(report);
  for (const char* word : {"inf", "nan"}) {
    EXPECT_EQ(text.find(std::string(" ") + word), std::string::npos) << text;
  }
}

TEST(DocumentMutations, of_a_profile) {
  const Model model = small_model();
  const auto with = *predict::preset_engine("bluefield3");
  const Json good = profile();
  for_each_document(1000, [&](Random& random) {
    const auto document = damaged(good, random);
    if (!document.ok()) return expect_refused(document.status()), false;
    const auto run = host_run_of(document.value());
    if (!run.ok()) return expect_refused(run.status()), false;
    expect_finite_prediction(document.value(), run.value(), with, model);
    return true;
  });
}

TEST(DocumentMutations, of_an_engine) {
  const Model model = small_model();
  const Json document = profile();
  const auto run = host_run_of(document).value();
  for_each_document(1000, [&](Random& random) {
    const auto description = damaged(engine(), random);
    if (!description.ok()) return expect_refused(description.status()), false;
    const auto with = read_engine(description.value());
    if (!with.ok()) return expect_refused(with.status()), false;
    expect_finite_prediction(document, run, with.value(), model);
    return true;
  });
}

TEST(DocumentMutations, of_a_model) {
  const Json good = model_json(small_model());
  const Json document = profile();
  const auto run = host_run_of(document).value();
  for_each_document(400, [&](Random& random) {
    const auto changed = damaged(good, random);
    if (!changed.ok()) return expect_refused(changed.status()), false;
    const auto model = read_model(changed.value());
    if (!model.ok()) return expect_refused(model.status()), false;
    expect_finite_prediction(document, run, *predict::preset_engine("x86"), model.value());
    const Json again = model_json(model.value());
    expect_finite(again, "model");
    EXPECT_EQ(format_model(again).find(" inf"), std::string::npos);
    return true;
  });
}

TEST(DocumentMutations, of_a_calibration) {
  const Model model = small_model();
  const Json document = profile();
  const auto run = host_run_of(document).value();
  Calibration calibration;
  calibration.machine = describe_machine().to_json();
  calibration.command = {"buddy", "calibrate"};
  calibration.cpus = {0, 1};
  for (const measure::Cost& cost : measure::costs)
    calibration.*cost.figure = measure::Spread{.median = 2, .min = 1, .max = 3};
  const Json good = calibration.to_json();
  for_each_document(1000, [&](Random& random) {
    const auto changed = damaged(good, random);
    if (!changed.ok()) return expect_refused(changed.status()), false;
    const auto here = calibration_from_json(changed.value(), "document");
    if (!here.ok()) return expect_refused(here.status()), false;
    Model adapted_model = model;
    adapted_model.fitted.coefficients =
        adapted(model.fitted.coefficients, machine_scale(model, here.value()));
    expect_finite_prediction(document, run, *predict::preset_engine("x86"), adapted_model);
    return true;
  });
}

// Each of these once kept the fit busy for ever, or became "speedup 0.00 ... inf".
TEST(DocumentMutations, that_were_seen) {
  Json model = model_json(small_model());
  model["results"][0]["run"]["barriers"] = -9.2e18;
  EXPECT_NE(read_model(model).status().message().find("result 1: its run: 'barriers' is -9.2e+18"),
            std::string::npos)
      << read_model(model).status().message();
  Json slow = engine();
  slow["speed"] = 1e-320;
  EXPECT_NE(read_engine(slow).status().message().find("'speed' is 1e-320"), std::string::npos);
  Json run = profile();
  run["total"]["barriers"] = 1e18;
  EXPECT_NE(host_run_of(run).status().message().find("1e+18 barriers in 1 s cannot be"),
            std::string::npos)
      << host_run_of(run).status().message();
}

}  // namespace
}  // namespace buddy::tools
