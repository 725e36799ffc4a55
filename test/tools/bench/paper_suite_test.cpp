// `buddy bench paper`: which workloads it runs, and its table.
#include "tools/bench/paper_suite.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/sandbox.hpp"
#include "tools/bench/bench_records.hpp"
#include "tools/bench/paper_table.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Sandbox;

const std::vector<SuiteEntry>& two_of_three() {
  static const std::vector<SuiteEntry> suite = {
      {"second", {}, "1.32"}, {"first", {"--size", "1"}, "1.55"}, {"absent", {}, "?"}};
  return suite;
}

TEST(PaperSuite, is_the_five_of_the_paper) {
  std::vector<std::string> names;
  for (const SuiteEntry& entry : paper_suite()) names.push_back(entry.workload);
  EXPECT_EQ(names,
            (std::vector<std::string>{"transport", "transpose", "histogram", "triangles", "sssp"}));
}

TEST(PaperSuite, has_others_beside_them_that_grow_too) {
  std::vector<std::string> names;
  for (const SuiteEntry& entry : other_applications()) names.push_back(entry.workload);
  EXPECT_EQ(names, (std::vector<std::string>{"indexgather", "bfs", "permute", "toposort"}));
  for (const auto* suite : {&paper_suite(), &other_applications()}) {
    for (const SuiteEntry& entry : *suite) {
      EXPECT_FALSE(entry.growth.option.empty()) << entry.workload;
      EXPECT_GT(entry.growth.most_bytes, std::uint64_t{8} << 20U) << entry.workload;
    }
  }
}

TEST(PaperSuite, tells_what_is_installed) {
  const Sandbox sandbox;
  sandbox.script("buddy-first", "true");
  sandbox.script("buddy-second", "true");
  const auto here = installed(two_of_three(), sandbox.path());
  ASSERT_EQ(here.size(), 2U);
  EXPECT_EQ(here[0].workload, "second");
  EXPECT_EQ(here[1].arguments, (std::vector<std::string>{"--size", "1"}));
  const auto gone = missing(two_of_three(), sandbox.path());
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].workload, "absent");
}

/// What follows \p name at the beginning of a line.
std::string line_of(const std::string& table, const std::string& name) {
  const auto at = table.find("\n  " + name + " ");
  return at == std::string::npos ? "" : table.substr(at + 1, table.find('\n', at + 1) - at - 1);
}

CaseReport in_places(const std::string& workload, const std::vector<Contender>& contenders) {
  std::vector<Record> records;
  for (int pair = 0; pair < 3; ++pair) {
    double seconds = 6;
    for (const Contender contender : contenders) {
      records.push_back(testing::make_record(contender, pair, seconds--));
    }
  }
  Summary summary = summarize(workload, contenders, records);
  return {std::move(summary), std::move(records)};
}

constexpr auto four = {Contender::host, Contender::shared, Contender::engine, Contender::dpu};

TEST(PaperTable, has_a_line_per_application_in_the_suites_order) {
  const std::string table =
      format_suite(two_of_three(), {in_places("first", four), in_places("second", four)});
  EXPECT_LT(table.find("  second "), table.find("  first ")) << table;
  EXPECT_EQ(table.find("absent"), std::string::npos) << table;
  // Seconds are 6, 5, 4 and 3.
  for (const char* part : {"1.25 (1.25 to 1.25)", "1.50 (1.50 to 1.50)", "1.67 (1.67 to 1.67)",
                           "2.00 (2.00 to 2.00)", " 1.55"}) {
    EXPECT_NE(line_of(table, "first").find(part), std::string::npos) << part << " in\n" << table;
  }
  EXPECT_NE(table.find("engine over shared"), std::string::npos) << table;
  EXPECT_NE(table.find("an emulated DPU"), std::string::npos) << table;
}

TEST(PaperTable, has_a_line_per_place_with_what_it_costs) {
  const std::string table = format_suite(two_of_three(), {in_places("first", four)});
  const auto at = table.find("what each place costs");
  ASSERT_NE(at, std::string::npos) << table;
  const std::string costs = table.substr(at);
  // Half of two CPUs before and after, half of the engine's; memory was not measured.
  const std::string engine = line_of(costs, "first        engine");
  for (const char* part : {"4.000", "50 %", "-"}) {
    EXPECT_NE(engine.find(part), std::string::npos) << part << " in\n" << costs;
  }
  EXPECT_NE(line_of(costs, "first        host").find("6.000"), std::string::npos) << costs;
  EXPECT_NE(costs.find("  first        dpu (emulated)"), std::string::npos) << costs;
}

TEST(PaperTable, has_columns_for_what_ran) {
  const std::string table = format_suite(two_of_three(), {in_places("first", {Contender::host})});
  EXPECT_EQ(table.find("over"), std::string::npos) << table;
  EXPECT_EQ(table.find("emulated"), std::string::npos) << table;
  EXPECT_NE(line_of(table, "first        host").find("6.000"), std::string::npos) << table;
}

TEST(PaperTable, is_in_the_report_with_the_sizes) {
  EXPECT_TRUE(paper_json({}, {}).is_null());
  PaperPlan plan{.size = {.kind = SuiteSize::Kind::memory},
                 .entries = {{"first", {"--scale", "9"}, "1.55"}, {"second", {}, "-"}},
                 .problems = {{.bytes_per_rank = 45056, .limit = SizeLimit::memory}, {}},
                 .share = {.ranks = 1, .cache = {.bytes = 1 << 20}, .memory_bytes = 50000}};
  const Json paper = paper_json(plan, {in_places("first", four)});
  EXPECT_EQ(paper["size"], "memory");
  EXPECT_EQ(paper["cache_bytes_per_core"], 1 << 20);
  EXPECT_EQ(paper["memory_bytes_per_rank"], 50000);
  ASSERT_EQ(paper["applications"].size(), 1U);
  const Json& first = paper["applications"][0];
  EXPECT_EQ(first["bytes_per_rank"], 45056);
  EXPECT_EQ(first["limited_by"], "memory");
  EXPECT_EQ(first["options"][1], "9");
  EXPECT_EQ(first["reported"], "1.55");
  ASSERT_EQ(first["speedups"].size(), 4U);
  EXPECT_EQ(first["speedups"][0]["of"], "engine");
  EXPECT_EQ(first["speedups"][0]["over"], "shared");
  EXPECT_DOUBLE_EQ(first["speedups"][0]["speedup"].get<double>(), 1.25);
  EXPECT_EQ(first["places"][3]["place"], "dpu");
  EXPECT_EQ(first["places"][3]["emulated"], true);
  EXPECT_EQ(first["places"][1]["emulated"], false);
  EXPECT_EQ(first["places"][1]["host_cpu_seconds"], 5.0);
}

/// Writes a result as rank 0, and leaves a log.
constexpr const char* workload = R"(
[ ${OMPI_COMM_WORLD_RANK:-$PMI_RANK} = 0 ] || exit 0
echo "${0##*/} $BUDDY_PLACEMENT $*" >> $SANDBOX/log
cat > $BUDDY_RESULT_FILE << END
{"workload": "${0##*/}", "placement": "$BUDDY_PLACE", "fabric": "$BUDDY_FABRIC",
 "ranks": 2, "nodes": 1, "workers": 1, "seconds": 0.5, "messages": 1000000,
 "payload_bytes": 8000000, "wire_bytes": 0, "host_cpu_seconds": 0.4, "host_run_delay_seconds": 0, "engine_cpu_seconds": null,
 "verified": true, "details": {}}
END
)";

class BenchPaper : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(buddy::testing::buddy_command(), sandbox_.path("buddy"));
  }
  buddy::testing::Finished bench(std::vector<std::string> words) {
    words.insert(words.begin(), {sandbox_.path("buddy"), "bench"});
    return buddy::testing::run_command(words, {{"SANDBOX", sandbox_.path()}});
  }
  Sandbox sandbox_;
};

TEST_F(BenchPaper, runs_what_is_installed_and_says_what_is_not) {
  sandbox_.script("buddy-transport", workload);
  sandbox_.script("buddy-transpose", workload);
  sandbox_.script("buddy-other", workload);
  const auto run = bench(
      {"paper", "-n", "2", "--repeat", "1", "--dram", "none", "--json", sandbox_.path("r.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string log = sandbox_.read("log");
  EXPECT_NE(log.find("buddy-transport host"), std::string::npos) << log;
  EXPECT_NE(log.find("buddy-transpose engine --scale"), std::string::npos) << log;
  EXPECT_EQ(log.find("--grid"), std::string::npos) << log;
  EXPECT_EQ(log.find("buddy-other"), std::string::npos) << log;
  for (const char* part : {"application", "buddy-sssp", "did not run"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in\n" << run.out;
  }
  const Json report = Json::parse(sandbox_.read("r.json"));
  EXPECT_EQ(report["paper"]["size"], "cache");
  EXPECT_TRUE(report["paper"]["applications"][0]["bytes_per_rank"].is_null());
  ASSERT_EQ(report["results"].size(), 8U);
  for (const std::size_t i : {0U, 4U}) {
    EXPECT_EQ(report["results"][i]["placement"], "host");
    EXPECT_EQ(report["results"][i + 1]["placement"], "shared");
    EXPECT_EQ(report["results"][i + 2]["placement"], "engine");
    EXPECT_EQ(report["results"][i + 3]["placement"], "dpu");
  }
  // Whether there is a verdict depends on what else the machine does.
  EXPECT_EQ(report["summary"]["transpose"]["speedup_offload"]["speedup"], 1);
}

TEST_F(BenchPaper, has_others_and_large_problems_if_asked) {
  sandbox_.script("buddy-transport", workload);
  sandbox_.script("buddy-permute", workload);
  const auto run = bench({"paper", "--also", "--size", "1M", "-n", "2", "--repeat", "1", "--dram",
                          "none", "--compare", "host,dpu", "--json", sandbox_.path("r.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string log = sandbox_.read("log");
  EXPECT_NE(log.find("buddy-transport host --cycles 5 --grid 16384\n"), std::string::npos) << log;
  EXPECT_NE(log.find("buddy-permute host --graph flat --edgefactor 10 --rounds 1 --scale 14\n"),
            std::string::npos)
      << log;
  for (const char* part : {"times the last-level cache per core", "transport     1.0 MiB a rank",
                           "buddy-indexgather", "as asked"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in\n" << run.out;
  }
}

TEST_F(BenchPaper, refuses_sizes_that_mean_nothing) {
  sandbox_.script("buddy-transport", workload);
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"paper", "--size", "huge"}, "'huge' is no size"},
      {{"paper", "--size", "memroy"}, "did you mean 'memory'?"},
      {{"paper", "--size", "0"}, "'0' is no size"},
      {{"paper", "--size", "100T"}, "does not fit the memory"},
      {{"paper", "--size", "1"}, "--size 1: transport cannot be so small"},
      {{"transport", "--size", "memory"}, "--size is for the paper's applications"},
      {{"transport", "--also"}, "--also is for the paper's applications"}};
  for (const auto& [words, part] : wrong) {
    const auto run = bench(words);
    EXPECT_EQ(run.state.exit_code(), 2) << part;
    EXPECT_NE(run.err.find(part), std::string::npos) << part << " is not in\n" << run.err;
  }
  EXPECT_FALSE(sandbox_.has("log"));
}

TEST_F(BenchPaper, stands_alone) {
  sandbox_.script("buddy-transport", workload);
  for (const std::vector<std::string>& words : {std::vector<std::string>{"paper", "transport"},
                                                {"--updates", "5", "paper"},
                                                {"paper", "--input", "file"},
                                                {"paper", "--", "word"}}) {
    const auto run = bench(words);
    EXPECT_EQ(run.state.exit_code(), 2);
    EXPECT_NE(run.err.find("'paper' stands alone"), std::string::npos) << run.err;
  }
  EXPECT_FALSE(sandbox_.has("log"));
}

TEST_F(BenchPaper, needs_one_of_its_workloads) {
  const auto run = bench({"paper"});
  EXPECT_EQ(run.state.exit_code(), 2);
  EXPECT_NE(run.err.find("no workload of 'paper'"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace buddy::tools
