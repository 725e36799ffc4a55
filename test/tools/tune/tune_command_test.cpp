// `buddy bench tune` with a workload that is a shell script, which is twice as fast in one setting.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/sandbox.hpp"
#include "tools/bench/fake_workload.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Finished;

constexpr const char* workload = R"(
rank=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}
[ $rank = 0 ] || exit 0
echo "$BUDDY_BLOCK_BYTES $*" >> $SANDBOX/log
echo "what the workload prints"
[ -z "$SLOW" ] || sleep $SLOW
[ $(wc -l < $SANDBOX/log) = "$STUCK_AT" ] && exec sleep 100
seconds=1 verified=true rounds=null
if [ -n "$SHORT" ]; then
  rounds=1
  [ "$1" = --rounds ] && rounds=$2
  seconds=$(awk "BEGIN {print 0.001 * $rounds}")
fi
if [ "$BUDDY_BLOCK_BYTES" = 65536 ]; then seconds=0.5 verified=${VERIFIED:-true}; fi
cat > $BUDDY_RESULT_FILE << END
{"workload": "fake", "placement": "$BUDDY_PLACE", "fabric": "$BUDDY_FABRIC", "ranks": 2,
 "nodes": 1, "workers": 1, "seconds": $seconds, "messages": 1000000, "payload_bytes": 8000000,
 "wire_bytes": 0, "host_cpu_seconds": 0.4, "host_run_delay_seconds": 0, "engine_cpu_seconds": null,
 "verified": $verified, "details": {"rounds": $rounds}}
END
)";

class TuneCommand : public testing::FakeWorkload {
 protected:
  TuneCommand() : FakeWorkload(workload) {}
  /// Only --block is turned.
  std::vector<std::string> line(const std::vector<std::string>& words) const {
    std::vector<std::string> line = {
        sandbox_.path("buddy"), "bench", "tune",   "fake", "-n",     "2",
        "--placement",          "host",  "--ring", "16",   "--hold", "0"};
    line.insert(line.end(), words.begin(), words.end());
    return line;
  }
  Finished tune(const std::vector<std::string>& words,
                const launch::Environment& environment = {}) {
    return run_line(line(words), environment);
  }
  /// Starts one whose run of this number, the warm-up included, never ends, and stops it then.
  Finished stop_at(const std::string& run) {
    return stop_line_at(run, line({"--json", sandbox_.path("report.json"), "--html",
                                   sandbox_.path("report.html")}));
  }
};

TEST_F(TuneCommand, finds_the_fastest_setting_and_says_what_to_type) {
  const Finished run = tune({"--json", sandbox_.path("report.json"), "--html",
                             sandbox_.path("report.html"), "--input", "in.mtx", "--updates", "5"});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_EQ(run.err, "");
  const std::string answer =
      "fake in placement host is 2.00 times as fast with --block 65536 --ring 16 as with the "
      "defaults (2.00 to 2.00).";
  for (const std::string& part :
       {std::string("options to type: --block 65536 --ring 16\n" + answer),
        std::string("--workers is not turned: in host placement there are no engine processes"),
        std::string("--hold is not turned: it was given"),
        std::string("2.00 (2.00 to 2.00)  better"), std::string("around --block 65536 --ring 16:"),
        std::string("11 fresh pairs")}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in\n" << run.out;
  }
  EXPECT_EQ(run.out.find("what the workload prints"), std::string::npos);
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["answer"], answer);
  EXPECT_EQ(report["options"], "--block 65536 --ring 16");
  EXPECT_EQ(report["best"]["block_bytes"], 65536);
  EXPECT_EQ(report["best"]["seconds"]["median"], 0.5);
  EXPECT_EQ(report["usual"]["seconds"]["median"], 1);
  EXPECT_EQ(report["final"]["pairs"].size(), 11u);
  EXPECT_EQ(report["complete"], true);
  EXPECT_EQ(report["partial"], false);
  // 64K and 16K around 32K, then 128K around 64K.
  ASSERT_EQ(report["settings"].size(), 3u);
  EXPECT_EQ(report["settings"][2]["block_bytes"], 131072);
  EXPECT_EQ(report["settings"][2]["relative_time"]["estimate"], 1);
  EXPECT_NE(sandbox_.read("report.html").find(R"("schema":"buddy.tune.v1")"), std::string::npos);
  // The warm-up, and pairs of which each goes first in turn.
  const std::string usual = " --input in.mtx --updates 5\n";
  const std::string other = "65536" + usual;
  EXPECT_EQ(sandbox_.read("log").find(usual + usual + other + other + usual + usual + other), 0u)
      << sandbox_.read("log");
}

TEST_F(TuneCommand, short_runs_are_made_longer_by_rounds_the_same_number_for_all_settings) {
  const Finished run = tune({}, {{"SHORT", "yes"}});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string log = sandbox_.read("log");
  EXPECT_EQ(log.find(" \n --rounds 390\n"), 0u) << log;
  std::size_t long_runs = 0;
  for (std::size_t at = 0; (at = log.find("--rounds 390\n", at)) != log.npos; ++at) ++long_runs;
  EXPECT_EQ(long_runs + 1, static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n')));
}

TEST_F(TuneCommand, a_knob_that_is_given_stays) {
  const Finished run = tune({"--block", "65536", "--json", sandbox_.path("report.json")});
  EXPECT_EQ(run.state.exit_code(), 2);
  EXPECT_NE(run.err.find("there is nothing to tune (--block: it was given"), std::string::npos);
  EXPECT_FALSE(sandbox_.has("log"));
  EXPECT_FALSE(sandbox_.has("report.json"));
}

TEST_F(TuneCommand, a_wrong_answer_ends_the_search) {
  const Finished run = tune({"--json", sandbox_.path("report.json")}, {{"VERIFIED", "false"}});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("the workload's answer is wrong"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("with --block 65536 --ring 16"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("what the workload prints"), std::string::npos) << run.err;
  EXPECT_FALSE(sandbox_.has("report.json")) << "no pair was whole";
}

TEST_F(TuneCommand, an_interrupted_search_keeps_whole_settings_and_says_that_it_is_partial) {
  sandbox_.file("report.json", "old");
  // The warm-up, three pairs with the first neighbour, then the second run of the next pair.
  const Finished run = stop_at("9");
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_NE(run.err.find("stopped by signal 2 (Interrupt) (what is reported is partial)"),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.out.find("PARTIAL"), std::string::npos) << run.out;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["partial"], true);
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["settings"].size(), 1u);
  EXPECT_EQ(report["options"], "") << "nothing was confirmed";
  EXPECT_TRUE(report["final"].is_null());
  EXPECT_TRUE(sandbox_.has("report.html"));
}

TEST_F(TuneCommand, nothing_is_written_where_nothing_was_measured) {
  sandbox_.file("report.json", "old");
  const Finished run = stop_at("2");
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_NE(run.err.find("(nothing was measured) start it again"), std::string::npos) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(sandbox_.read("report.json"), "old");
  EXPECT_FALSE(sandbox_.has("report.html"));
}

TEST_F(TuneCommand, a_time_limit_ends_the_search_and_the_report_says_so) {
  const Finished run =
      tune({"--time-limit", "3", "--json", sandbox_.path("report.json")}, {{"SLOW", "0.3"}});
  ASSERT_EQ(run.state.exit_code(), 0) << run.err;
  const Json report = Json::parse(sandbox_.read("report.json"));
  EXPECT_EQ(report["settings"].size(), 1u);
  EXPECT_EQ(report["complete"], false);
  EXPECT_EQ(report["partial"], false) << "it is an end that was asked for";
  EXPECT_EQ(report["final"]["pairs"].size(), 5u) << "there is no time for more";
  EXPECT_EQ(report["options"], "--block 65536 --ring 16");
  EXPECT_NE(run.out.find("The time limit came before"), std::string::npos) << run.out;
}

TEST_F(TuneCommand, a_time_limit_that_is_too_short_for_any_setting_is_said) {
  const Finished run =
      tune({"--time-limit", "1", "--json", sandbox_.path("report.json")}, {{"SLOW", "1"}});
  EXPECT_EQ(run.state.exit_code(), 1);
  EXPECT_NE(run.err.find("no setting was tried (--time-limit 1 is over too soon) allow more"),
            std::string::npos)
      << run.err;
  EXPECT_FALSE(sandbox_.has("report.json"));
}

}  // namespace
}  // namespace buddy::tools
