// `buddy bench dca` with traces that the test writes, and with a workload that is a shell script.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "base/whole_file.hpp"
#include "measure/cache/trace_file.hpp"
#include "support/markdown.hpp"
#include "support/sandbox.hpp"
#include "tools/bench/bench_record.hpp"
#include "tools/dca/dca_cross_check.hpp"
#include "tools/dca/dca_options.hpp"
#include "tools/report/json.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BUDDY_RUNS_UNDER_VALGRIND 0
#else
#define BUDDY_RUNS_UNDER_VALGRIND 1
#endif

namespace buddy::tools {
namespace {

using buddy::testing::Finished;
using buddy::testing::Sandbox;
using measure::Trace;

/// Packets of 64 KiB in four buffers, each read, copied to a ring of 1 MiB, and sent on.
Trace busy_engine() {
  Trace trace;
  constexpr std::uint32_t bytes = 64 << 10;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const std::uint64_t buffer = 0x100000 + i % 4 * bytes;
    const std::uint64_t ring = 0x900000 + i % 16 * bytes;
    trace.events.push_back({buffer, bytes, TraceKind::receive, 1});
    trace.events.push_back({buffer, bytes, TraceKind::read, 0});
    trace.events.push_back({ring, bytes, TraceKind::write, 0});
  }
  return trace;
}

class DcaCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(sandbox_.path("traces/busy"));
    ASSERT_TRUE(measure::write_trace(busy_engine(), sandbox_.path("traces/busy/0.trace")).ok());
  }
  Finished dca(std::vector<std::string> words) {
    words.insert(words.begin(), {buddy::testing::buddy_command(), "bench", "dca"});
    return buddy::testing::run_command(words);
  }
  /// Without engines of many ranks, which take long.
  Finished replay(std::vector<std::string> words) {
    words.insert(words.begin(), {"--replay", sandbox_.path("traces")});
    if (std::find(words.begin(), words.end(), "--many-ranks") == words.end()) {
      words.insert(words.end(), {"--many-ranks", "none"});
    }
    return dca(words);
  }
  /// An engine of one rank: frames of 32 KiB in a ring of 512 KiB, each passed on to a peer.
  void trace_one_rank() {
    Trace trace;
    constexpr std::uint32_t bytes = 32 << 10;
    for (std::uint64_t i = 0; i < 100; ++i) {
      const std::uint64_t frame = 0x100000 + i % 16 * bytes;
      trace.events.push_back({frame, bytes, TraceKind::intake, 0});
      trace.events.push_back({frame, bytes, TraceKind::read, 0});
      trace.events.push_back({0x900000, bytes, TraceKind::write, 0});
      trace.events.push_back({0x900000, bytes, TraceKind::send, 1});
    }
    trace.events.push_back({0x800000, 64, TraceKind::receive, 1});
    std::filesystem::create_directories(sandbox_.path("traces/one"));
    ASSERT_TRUE(measure::write_trace(trace, sandbox_.path("traces/one/0.trace")).ok());
  }
  Sandbox sandbox_;
};

TEST_F(DcaCommand, a_folder_for_temporary_files_that_is_not_there_is_an_error) {
  const Finished run = buddy::testing::run_command(
      {buddy::testing::buddy_command(), "bench", "dca", "histogram"}, {{"TMPDIR", "/not/there"}});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("/not/there (No such file or directory) set TMPDIR"), std::string::npos)
      << run.err;
}

TEST_F(DcaCommand, replays_what_was_recorded) {
  const Finished run = replay({"--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  for (const char* part : {"busy", "with DCA", "last in, first out", "machine:"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in\n" << run.out;
  }
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["schema"], "buddy.dca.v1");
  EXPECT_EQ(report["preset"], "bluefield3");
  EXPECT_EQ(report["command"][1], "bench");
  ASSERT_EQ(report["results"].size(), 1u);
  const Json& result = report["results"][0];
  EXPECT_EQ(result["application"], "busy");
  EXPECT_EQ(result["inbound_bytes"], 500 * (64 << 10));
  // The ring is fetched once; without DCA every packet is written and read as well.
  EXPECT_EQ(result["dca"]["dram_bytes"], 1 << 20);
  EXPECT_EQ(result["no_dca"]["dram_bytes"], (1 << 20) + 2 * 500 * (64 << 10));
  EXPECT_TRUE(report["cross_check"].is_null());
}

/// Buffers of the paper's size in a last level that holds one rank's and not those of three.
TEST_F(DcaCommand, traces_are_scaled_to_many_ranks) {
  trace_one_rank();
  const Finished run =
      replay({"--many-ranks", "1,3", "--l3", "8M", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_NE(run.out.find("an engine with many ranks"), std::string::npos) << run.out;
  const Json report = Json::parse(sandbox_.read("report.json"));
  ASSERT_EQ(report["many_ranks"].size(), 2u * 3u * 2u);
  for (const Json& row : report["many_ranks"]) {
    SCOPED_TRACE(row.dump());
    const bool paper = row["scheme"].get<std::string>().starts_with("the paper's");
    const bool fits = !(paper && row["ranks"] == 3 && row["last_level_bytes"] == 8 << 20);
    if (fits) {
      EXPECT_LT(row["dca_per_inbound_byte"], 0.01);
    } else {
      EXPECT_GT(row["dca_per_inbound_byte"], 0.99);  // read from the cache, and then written back
    }
    EXPECT_NEAR(row["no_dca_per_inbound_byte"].get<double>(), 2, 0.05);
    EXPECT_NEAR(row["inbound_bytes"].get<double>(), row["ranks"].get<double>() * (4 << 20), 2e5);
  }
}

TEST_F(DcaCommand, engines_of_several_ranks_are_not_scaled) {
  const Finished run = replay({"--many-ranks", "2"});  // there is no rank at all in this trace
  EXPECT_EQ(run.state.exit_code(), 0);
  EXPECT_NE(run.err.find("no trace is of an engine with one rank"), std::string::npos) << run.err;
  EXPECT_EQ(run.out.find("an engine with many ranks"), std::string::npos);
}

TEST_F(DcaCommand, report_has_the_documented_keys) {
  trace_one_rank();
  const Finished run = replay({"--many-ranks", "1", "--json", "-"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json report = Json::parse(run.out);
  const buddy::testing::Page page("formats/dca_json.md");
  const auto expect_keys = [&](const char* section, const Json& object) {
    for (const auto& row : buddy::testing::first_table(page.section(section))) {
      std::string keys = row.at(0);
      keys.erase(std::remove(keys.begin(), keys.end(), ' '), keys.end());
      for (std::size_t at = 0; at < keys.size();) {
        const std::size_t comma = std::min(keys.find(',', at), keys.size());
        EXPECT_TRUE(object.contains(keys.substr(at, comma - at))) << section << ": " << keys;
        at = comma + 1;
      }
    }
  };
  expect_keys("Report of the study", report);
  expect_keys("`cache`", report["cache"]);
  expect_keys("An entry of `results`", report["results"][0]);
  expect_keys("An entry of `buffer_schemes`", report["buffer_schemes"][0]);
  expect_keys("An entry of `many_ranks`", report["many_ranks"][0]);
}

TEST_F(DcaCommand, sizes_are_options) {
  const Finished run = replay({"--json", "-", "--l3", "512K/8", "--l2", "256K", "--dca-ways", "2",
                               "--last-level", "inclusive", "--links", "cores"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json report = Json::parse(run.out);
  const Json& cache = report["cache"];
  EXPECT_EQ(cache["levels"][2]["bytes"], 512 << 10);
  EXPECT_EQ(cache["levels"][2]["ways"], 8);
  EXPECT_EQ(cache["levels"][1]["bytes"], 256 << 10);
  EXPECT_EQ(cache["dca_ways"], 2);
  EXPECT_EQ(cache["last_level"], "inclusive");
  EXPECT_EQ(cache["links"], "cores");
  EXPECT_GT(report["results"][0]["dca"]["dram_bytes"], 1 << 20);
}

TEST_F(DcaCommand, what_cannot_be_done_is_said) {
  const auto fails = [&](const Finished& run, int code, const char* part) {
    EXPECT_EQ(run.state.exit_code(), code);
    EXPECT_NE(run.err.find(part), std::string::npos) << part << " is not in\n" << run.err;
  };
  fails(replay({"--preset", "vax"}), 2, "there is no preset 'vax'");
  fails(replay({"--l3", "16Q"}), 2, "no size of a cache");
  fails(replay({"--l3", "1K"}), 2, "smaller than the one above");
  fails(replay({"--links", "string"}), 2, "dma and cores exist");
  fails(replay({"--many-ranks", "16,,48"}), 2, "are no numbers of ranks");
  fails(replay({"--many-ranks", "257"}), 2, "1 to 256");
  fails(replay({"histogram"}), 2, "a replay runs no workloads");
  fails(replay({"--updates", "7"}), 2, "a replay runs no workloads");
  fails(dca({"--replay", sandbox_.path("no")}), 1, "nothing to replay");
  fails(dca({"no_such_workload"}), 2, "there is no workload 'no_such_workload'");
  fails(dca({"--nodes", "3"}), 2, "cannot split 2 ranks into 3 nodes");
  sandbox_.file("traces/busy/1.trace", "not a trace at all, but long enough for a header");
  fails(replay({}), 1, "it does not begin like one");
}

TEST_F(DcaCommand, a_workload_that_leaves_no_trace_is_an_error) {
  std::filesystem::copy(buddy::testing::buddy_command(), sandbox_.path("buddy"));
  sandbox_.script("buddy-fake", R"(
[ ${OMPI_COMM_WORLD_RANK:-$PMI_RANK} = 0 ] || exit 0
cat > $BUDDY_RESULT_FILE << END
{"workload": "fake", "placement": "engine", "fabric": "ucx", "ranks": 2, "nodes": 2,
 "workers": 1, "seconds": 0.5, "messages": 1, "payload_bytes": 8, "wire_bytes": 0,
 "host_cpu_seconds": 0.4, "host_run_delay_seconds": 0, "engine_cpu_seconds": 0, "verified": true, "details": {}}
END
)");
  const Finished run =
      buddy::testing::run_command({sandbox_.path("buddy"), "bench", "dca", "fake"});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("there are no traces"), std::string::npos) << run.err;
}

/// Bytes that a process has read so far.
std::uint64_t bytes_read_by(pid_t pid) {
  const std::string text = read_whole_file("/proc/" + std::to_string(pid) + "/io").value_or("");
  return text.starts_with("rchar: ") ? std::stoull(text.substr(7)) : 0;
}

// A replay of much takes minutes; what was replayed before it counts.
TEST_F(DcaCommand, interrupted_replay_ends_at_once_and_is_partial) {
  Trace endless;
  for (std::uint64_t i = 0; i < 400'000; ++i) {
    endless.events.push_back({i % 1000 << 20, 1 << 20, TraceKind::write, 0});
  }
  endless.events.push_back({0, 64, TraceKind::receive, 1});
  std::filesystem::create_directories(sandbox_.path("traces/last"));
  const std::string file = sandbox_.path("traces/last/0.trace");
  ASSERT_TRUE(measure::write_trace(endless, file).ok());
  buddy::testing::Running running({buddy::testing::buddy_command(), "bench", "dca", "--replay",
                                   sandbox_.path("traces"), "--json",
                                   sandbox_.path("report.json")});
  ASSERT_TRUE(buddy::testing::eventually(
      [&] { return bytes_read_by(running.pid()) > std::filesystem::file_size(file); }));
  kill(running.pid(), SIGINT);
  const Finished run = running.wait();
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_NE(run.err.find("(what is reported is partial)"), std::string::npos) << run.err;
  EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["partial"], true);
  ASSERT_EQ(report["results"].size(), 1U);
  EXPECT_EQ(report["results"][0]["application"], "busy");
}

TEST_F(DcaCommand, traces_go_into_a_folder_that_can_be_made_and_is_empty) {
  const Finished deep = dca({"--trace", sandbox_.path("no/such")});
  EXPECT_EQ(deep.state.exit_code(), 1);
  EXPECT_NE(deep.err.find("(No such file or directory) choose another folder"), std::string::npos)
      << deep.err;
  EXPECT_FALSE(sandbox_.has("no"));
  sandbox_.file("traces/transpose", "");
  const Finished full = dca({"transport", "transpose", "--trace", sandbox_.path("traces")});
  EXPECT_EQ(full.state.exit_code(), 1);
  EXPECT_NE(full.err.find("traces/transpose (something is there)"), std::string::npos) << full.err;
  EXPECT_FALSE(sandbox_.has("traces/transport"));  // nothing was recorded before that
}

TEST(RankNumbers, are_a_list_or_none) {
  std::vector<std::uint32_t> ranks = {7};
  EXPECT_EQ(take_rank_numbers("16,48", ranks), "");
  EXPECT_EQ(ranks, (std::vector<std::uint32_t>{16, 48}));
  EXPECT_EQ(take_rank_numbers("none", ranks), "");
  EXPECT_TRUE(ranks.empty());
  for (const char* wrong : {"", "0", "16,", ",16", "16 48", "-1", "none,16"}) {
    EXPECT_NE(take_rank_numbers(wrong, ranks), "") << wrong;
  }
}

TEST(CacheShapeWords, are_sizes_and_ways) {
  const auto parse = [](const char* text) {
    return parse_cache_shape(text, {.size_bytes = 1, .ways = 9});
  };
  EXPECT_EQ(parse("65536").value(), (measure::CacheShape{65536, 9}));
  EXPECT_EQ(parse("64K").value(), (measure::CacheShape{65536, 9}));
  EXPECT_EQ(parse("64k").value(), parse("64Ki").value());
  EXPECT_EQ(parse("1G/16").value(), (measure::CacheShape{1 << 30, 16}));
  EXPECT_EQ(parse("64KiB/4").value(), (measure::CacheShape{65536, 4}));
  EXPECT_EQ(parse("2M/16").value(), (measure::CacheShape{2 << 20, 16}));
  for (const char* wrong :
       {"", "K", "-1", "2T", "1K/", "1K/x", "1K/2/3", "99999999999999999999", "9999999999M"}) {
    EXPECT_FALSE(parse(wrong).ok()) << wrong;
  }
}

// ---- cachegrind -----------------------------------------------------------------------------

TEST(Cachegrind, file_is_summed_over_our_functions) {
  const auto check = read_cachegrind(
      "desc: I1 cache: x\ncmd: y\nevents: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw\n"
      "fl=a.cpp\nfn=main\n1 9 9 9 9 9 9 9 9 9\n"
      "fn=buddy_load_lines\n2 100 1 1 50 5 2 0 0 0\n3 100 1 1 50 6 3\n"
      "fn=buddy_store_lines\n4 10 0 0 0 0 0 30 7 4\nsummary: 1 2 3\n");
  ASSERT_TRUE(check.ok()) << check.status().message();
  EXPECT_EQ(check.value().accesses, 130u);
  EXPECT_EQ(check.value().cachegrind_first_misses, 18u);
  EXPECT_EQ(check.value().cachegrind_misses, 9u);
  EXPECT_FALSE(read_cachegrind("events: Dr\nfn=main\n1 5\n").ok());
  EXPECT_FALSE(read_cachegrind("").ok());
}

TEST(CrossCheck, difference_is_that_of_the_worse_level) {
  EXPECT_DOUBLE_EQ((CrossCheck{10, 11, 10, 95, 100}.difference()), 0.1);
  EXPECT_DOUBLE_EQ((CrossCheck{10, 10, 10, 80, 100}.difference()), 0.2);
  EXPECT_DOUBLE_EQ((CrossCheck{10, 0, 0, 0, 0}.difference()), 0);
  EXPECT_DOUBLE_EQ((CrossCheck{10, 1, 0, 0, 0}.difference()), 1);
}

#if BUDDY_RUNS_UNDER_VALGRIND
TEST_F(DcaCommand, model_agrees_with_cachegrind) {
  if (!launch::find_program("valgrind").ok()) {
    EXPECT_NE(replay({"--cross-check"}).err.find("there is no valgrind"), std::string::npos);
    return;
  }
  const Finished run = replay({"--cross-check", "--json", "-"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json check = Json::parse(run.out)["cross_check"];
  // Each call of the functions that are counted also reads its return address: once per page.
  EXPECT_GE(check["accesses"], 2 * 500 * 1024);
  EXPECT_LE(check["accesses"], 2 * 500 * 1024 * 1.05);
  EXPECT_LE(check["difference"], cross_check_limit);
  EXPECT_GT(check["model_misses"], 1000);
}
#endif

TEST_F(DcaCommand, cachegrind_cannot_do_every_cache) {
  const Finished run = replay({"--cross-check", "--l1", "48K/4"});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("no power of two"), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("busy"), std::string::npos) << "the rest is printed all the same";
}

}  // namespace
}  // namespace buddy::tools
