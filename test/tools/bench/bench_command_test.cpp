// `buddy bench` with workloads that are shell scripts.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/sandbox.hpp"
#include "tools/bench/bench_records.hpp"
#include "tools/bench/fake_workload.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Finished;

/// Writes a result as rank 0, with the placement that it was started in, and leaves a log.
constexpr const char* workload = R"(
rank=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}
[ $rank = 0 ] || exit 0
placement=$BUDDY_PLACE
[ "$1" = --method ] && placement=$2
echo "$placement $*" >> $SANDBOX/log
echo "what the workload prints"
[ $(wc -l < $SANDBOX/log) = "$STUCK_AT" ] && exec sleep 100
[ "$BREAK" = $placement ] && exit 3
cpu=null
[ $placement = engine ] && cpu=0.25
cat > $BUDDY_RESULT_FILE << END
{"workload": "fake", "placement": "$placement", "fabric": "$BUDDY_FABRIC", "ranks": 2,
 "nodes": 1, "workers": 1, "seconds": ${SECONDS_SAID:-0.5}, "messages": 1000000, "payload_bytes": 8000000,
 "wire_bytes": 0, "host_cpu_seconds": 0.4, "host_run_delay_seconds": 0, "engine_cpu_seconds": $cpu,
 "verified": ${VERIFIED:-true}, "details": {}}
END
)";

class BenchCommand : public testing::FakeWorkload {
 protected:
  BenchCommand() : FakeWorkload(workload) {}
  Finished bench(std::vector<std::string> words, const launch::Environment& environment = {}) {
    words.insert(words.begin(), {sandbox_.path("buddy"), "bench", "fake", "-n", "2"});
    return run_line(words, environment);
  }
  /// Starts one whose run of this number, warm-ups included, never ends, and stops it then.
  Finished stop_at(const std::string& run, std::vector<std::string> words) {
    words.insert(words.begin(), {sandbox_.path("buddy"), "bench", "fake", "-n", "2"});
    return stop_line_at(run, words);
  }
};

TEST_F(BenchCommand, contenders_take_turns) {
  const Finished run = bench({"--repeat", "2", "--compare", "host,engine,alltoallv"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string turn = "host \nengine \nalltoallv --method alltoallv\n";
  const std::string backwards = "alltoallv --method alltoallv\nengine \nhost \n";
  EXPECT_EQ(sandbox_.read("log"), turn + turn + backwards);  // the first is the warm-up
  for (const char* part : {"fake: 2 rank(s)", "speedup_offload", "ratio_to_alltoallv",
                           "cache line round trip", "after a warm-up"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in\n" << run.out;
  }
  EXPECT_EQ(run.out.find("what the workload prints"), std::string::npos);
}

TEST_F(BenchCommand, report_has_an_entry_per_run) {
  const Finished run = bench({"--repeat", "2", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["schema"], "buddy.bench.v1");
  EXPECT_EQ(report["partial"], false);
  ASSERT_EQ(report["results"].size(), 4u);
  EXPECT_EQ(report["results"][0]["placement"], "host");
  EXPECT_EQ(report["results"][1]["placement"], "engine");
  EXPECT_TRUE(report["results"][0]["engine_cpu_utilization"].is_null());
  EXPECT_EQ(report["results"][1]["engine_cpu_utilization"], 0.5);
  EXPECT_EQ(report["summary"]["fake"]["speedup_offload"]["speedup"], 1);
}

// Neither the terminal nor the report has a verdict, and both say why in the same words.
TEST_F(BenchCommand, short_runs_have_no_verdict) {
  const Finished run =
      bench({"--repeat", "3", "--json", sandbox_.path("report.json")}, {{"SECONDS_SAID", "0.01"}});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["summary"]["fake"]["verdict"]["outcome"], "none");
  const std::string answer = report["answer"].get<std::string>();
  EXPECT_EQ(answer.find("No verdict on fake: "), 0U) << answer;
  EXPECT_NE(run.out.find(answer), std::string::npos) << run.out;
  bool says_length = false;
  for (const Json& doubt : report["summary"]["fake"]["doubts"]) {
    says_length = says_length || doubt["kind"] == "short_runs";
  }
  EXPECT_TRUE(says_length) << report["summary"];
}

/// A workload that takes 1 ms a round and says so.
constexpr const char* short_workload = R"(
rank=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}
[ $rank = 0 ] || exit 0
rounds=1
[ "$1" = --rounds ] && rounds=$2
echo "$*" >> $SANDBOX/log
cat > $BUDDY_RESULT_FILE << END
{"workload": "fake", "placement": "$BUDDY_PLACE", "fabric": "$BUDDY_FABRIC", "ranks": 2,
 "nodes": 1, "workers": 1, "seconds": $(awk "BEGIN {print 0.001 * $rounds}"), "messages": 1000,
 "payload_bytes": 8000, "wire_bytes": 0, "host_cpu_seconds": 0.001, "host_run_delay_seconds": 0,
 "engine_cpu_seconds": null, "verified": true, "details": {"rounds": $rounds}}
END
)";

TEST_F(BenchCommand, short_runs_are_made_longer_by_rounds) {
  sandbox_.script("buddy-fake", short_workload);
  const Finished run =
      bench({"--repeat", "1", "--compare", "host", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_EQ(sandbox_.read("log"), "\n--rounds 390\n--rounds 390\n");
  const Json result = Json::parse(sandbox_.read("report.json"))["results"][0];
  EXPECT_EQ(result["rounds"], 390);
  EXPECT_GE(result["seconds"].get<double>(), 0.3);
}

TEST_F(BenchCommand, rounds_of_the_user_are_kept) {
  sandbox_.script("buddy-fake", short_workload);
  const Finished run = bench({"--repeat", "1", "--compare", "host", "--rounds", "7"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_EQ(sandbox_.read("log"), "--rounds 7\n--rounds 7\n");
}

// All runs say the same, so that the first look decides.
TEST_F(BenchCommand, repeats_until_there_is_a_verdict) {
  const Finished run = bench({"--repeat", "auto", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_EQ(Json::parse(sandbox_.read("report.json"))["summary"]["fake"]["pairs"], 6);
}

TEST_F(BenchCommand, time_limit_ends_the_repetition) {
  sandbox_.script("buddy-fake", std::string("sleep 0.6\n") + workload);
  const Finished run = bench({"--repeat", "auto", "--time-limit", "1", "--compare", "host",
                              "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_LE(Json::parse(sandbox_.read("report.json"))["summary"]["fake"]["pairs"], 2);
}

TEST_F(BenchCommand, wrong_repetitions_are_refused) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--repeat", "0"},
                                                {"--repeat", "often"},
                                                {"--time-limit", "5"},
                                                {"--repeat", "auto", "--time-limit", "0"}}) {
    const Finished run = bench(words);
    EXPECT_EQ(run.state.exit_code(), 2) << run.err;
    EXPECT_NE(run.err.find(words[words.size() - 2]), std::string::npos) << run.err;
  }
  EXPECT_FALSE(sandbox_.has("log"));
}

// As --placement shared does: engines that share the ranks' CPUs have none of their own.
TEST_F(BenchCommand, cpus_for_engines_that_nobody_has_are_refused) {
  for (const char* list : {"host,shared", "shared,alltoallv", "shared"}) {
    const Finished run = bench({"--compare", list, "--engine-cpus", "0"});
    EXPECT_EQ(run.state.exit_code(), 2) << list;
    EXPECT_NE(run.err.find("leave out --engine-cpus, or add engine"), std::string::npos) << run.err;
  }
  EXPECT_FALSE(sandbox_.has("log"));
}

TEST_F(BenchCommand, results_name_the_place_that_was_typed) {
  const Finished run = bench(
      {"--repeat", "1", "--compare", "shared,engine,dpu", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_NE(run.out.find("dpu is an emulation (bluefield3: its cores 2 times as slow, 1 us away, "
                         "400 Gbit/s)"),
            std::string::npos)
      << run.out;
  const Json report = Json::parse(sandbox_.read("report.json"));
  const std::string log = sandbox_.read("log");
  for (const char* place : {"shared", "engine", "dpu"}) {
    EXPECT_NE(log.find(std::string(place) + " "), std::string::npos) << log;
    EXPECT_TRUE(std::any_of(report["results"].begin(), report["results"].end(),
                            [&](const Json& one) { return one["placement"] == place; }));
  }
}

TEST_F(BenchCommand, report_names_the_command_that_repeats_it) {
  const Finished run = bench({"--repeat", "1", "--json", sandbox_.path("report.json")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json command = Json::parse(sandbox_.read("report.json"))["command"];
  EXPECT_EQ(command, Json({"buddy", "bench", "fake", "-n", "2", "--repeat", "1", "--json",
                           sandbox_.path("report.json")}));
}

TEST_F(BenchCommand, page_holds_the_report) {
  const Finished run = bench({"--repeat", "1", "--json", sandbox_.path("report.json"), "--html",
                              sandbox_.path("report.html")});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string page = sandbox_.read("report.html");
  const std::string begin = "<script type=\"application/json\" id=\"document\">";
  const std::size_t at = page.find(begin);
  ASSERT_NE(at, std::string::npos);
  const std::size_t first = at + begin.size();
  EXPECT_EQ(Json::parse(page.substr(first, page.find("</script>", first) - first)),
            Json::parse(sandbox_.read("report.json")));
}

TEST_F(BenchCommand, report_on_stdout_stands_alone) {
  const Finished run = bench({"--repeat", "1", "--placement", "host", "--json", "-"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_EQ(Json::parse(run.out)["results"].size(), 1u);
  EXPECT_NE(run.err.find("seconds"), std::string::npos);
}

TEST_F(BenchCommand, other_options_go_to_the_workload) {
  const Finished run = bench({"--placement", "host", "--updates", "1000", "--repeat", "1",
                              "--input", "in.mtx", "--", "--last"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string line = "host --input in.mtx --updates 1000 --last\n";
  EXPECT_EQ(sandbox_.read("log"), line + line);
}

TEST_F(BenchCommand, failing_run_ends_the_benchmark_and_is_shown) {
  const Finished run = bench({"--repeat", "2"}, {{"BREAK", "engine"}});
  EXPECT_EQ(run.state.exit_code(), 3);
  EXPECT_NE(run.err.find("what the workload prints"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("buddy bench: fake engine: the program failed"), std::string::npos)
      << run.err;
  EXPECT_EQ(sandbox_.read("log"), "host \nengine \n");
}

TEST_F(BenchCommand, interrupted_benchmark_keeps_whole_turns_and_says_that_it_is_partial) {
  sandbox_.file("report.json", "old");
  // A warm-up and two turns of two, then the first run of the third.
  const Finished run = stop_at("7", {"--repeat", "9", "--json", sandbox_.path("report.json"),
                                     "--html", sandbox_.path("report.html")});
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_NE(run.err.find("stopped by signal 2 (Interrupt) (what is reported is partial: fake: 2 of "
                         "9 runs of each)"),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.out.find("speedup_offload"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("PARTIAL: fake: 2 of 9"), std::string::npos) << run.out;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["partial"], true);
  EXPECT_EQ(report["results"].size(), 4u);
  EXPECT_EQ(report["summary"]["fake"]["pairs"], 2);
  EXPECT_NE(sandbox_.read("report.html").find("\"partial\":true"), std::string::npos);
}

TEST_F(BenchCommand, interrupted_before_anything_was_measured_writes_nothing) {
  sandbox_.file("report.json", "old");
  const Finished run = stop_at(
      "3", {"--json", sandbox_.path("report.json"), "--html", sandbox_.path("report.html")});
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_NE(run.err.find("nothing was measured"), std::string::npos) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(sandbox_.read("report.json"), "old");
  EXPECT_FALSE(sandbox_.has("report.html"));
}

TEST_F(BenchCommand, failing_run_keeps_the_turns_before_it) {
  sandbox_.script("buddy-fake",
                  std::string(workload) + "if [ $(wc -l < $SANDBOX/log) = 6 ]; then exit 3; fi");
  const Finished run = bench({"--repeat", "4", "--json", sandbox_.path("report.json")});
  EXPECT_EQ(run.state.exit_code(), 3) << run.err;
  EXPECT_NE(run.err.find("partial: fake: 1 of 4"), std::string::npos) << run.err;
  EXPECT_EQ(Json::parse(sandbox_.read("report.json"))["partial"], true);
}

TEST_F(BenchCommand, wrong_answer_is_an_error) {
  const Finished run = bench({"--repeat", "1"}, {{"VERIFIED", "false"}});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("answer is wrong"), std::string::npos) << run.err;
}

TEST_F(BenchCommand, memory_traffic_that_cannot_be_measured_is_null_and_said) {
  // Neither counters of the hardware nor valgrind, but what the workload and Open MPI look for.
  sandbox_.script("cat", "exec /bin/cat \"$@\"");
  sandbox_.script("ssh", "exit 1");
  const Finished run = bench({"--placement", "host", "--repeat", "1", "--dram", "cachegrind",
                              "--json", sandbox_.path("report.json")},
                             {{"PATH", sandbox_.path()}});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_NE(run.out.find("memory traffic was not measured: valgrind is not there"),
            std::string::npos)
      << run.out;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_TRUE(report["results"][0]["dram_bytes_host"].is_null());
  EXPECT_TRUE(report["results"][0]["dram_method"].is_null());
  EXPECT_TRUE(report["results"][0]["memory_to_communication_ratio"].is_null());
}

TEST_F(BenchCommand, report_that_cannot_be_written_is_noticed_before_the_runs) {
  const Finished run = bench({"--json", sandbox_.path("no/such/folder.json")});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_FALSE(sandbox_.has("log"));
}

TEST_F(BenchCommand, page_that_cannot_be_written_is_noticed_before_the_runs) {
  const Finished run = bench({"--html", sandbox_.path("no/such/folder.html")});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("No such file"), std::string::npos) << run.err;
  EXPECT_FALSE(sandbox_.has("log"));
}

}  // namespace
}  // namespace buddy::tools
