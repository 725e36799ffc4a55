#include "tools/profile/profile_report.hpp"

#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "tools/profile/profile_text.hpp"
#include "tools/profile/profiles.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using Json = nlohmann::ordered_json;

Json report() {
  return profile_report(testing::host_job(), {}, describe_machine(), {"buddy", "profile"});
}

TEST(ProfileReport, sums_and_shares) {
  const Json total = report()["total"];
  EXPECT_DOUBLE_EQ(total["seconds"].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(total["host_cpu_seconds"].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(total["host_cpu_utilization"].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(total["block_fill"].get<double>(), 0.5);
  EXPECT_EQ(total["messages"], 2);
  EXPECT_DOUBLE_EQ(total["time"]["handlers"].get<double>(), 0.8);
  EXPECT_DOUBLE_EQ(total["time"]["waiting"].get<double>(), 0.4);
}

// Two ranks that share a CPU wait for each other: only what others used of it is lost.
TEST(ProfileReport, says_what_others_took) {
  ProfiledJob job = testing::host_job();
  for (RankProfile& rank : job.ranks) rank.numbers["run_delay_ns"] = 5e8;
  job.load.others_cpu_seconds = 0.02;
  EXPECT_TRUE(profile_report(job, {}, describe_machine(), {})["doubts"].empty());
  job.load.others_cpu_seconds = 0.5;
  const Json profile = profile_report(job, {}, describe_machine(), {});
  EXPECT_DOUBLE_EQ(profile["total"]["run_delay_seconds"].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(profile["total"]["lost_cpu_seconds"].get<double>(), 0.5);
  EXPECT_NEAR(profile["total"]["host_cpu_share"].get<double>(), 1 / 1.5, 1e-9);
  ASSERT_EQ(profile["doubts"].size(), 1u);
  const std::string text = format_profile(profile);
  EXPECT_NE(text.find("in doubt       the ranks got 67 % of the CPU time"), std::string::npos)
      << text;
}

TEST(ProfileReport, what_was_not_measured_is_null) {
  const Json total = report()["total"];
  for (const char* key : {"dram_bytes_host", "dram_bytes_engine", "dram_method",
                          "memory_to_communication_ratio", "engine_cpu_utilization"}) {
    EXPECT_TRUE(total[key].is_null()) << key;
  }
}

// The placement is the one that was typed, and an emulation is called one.
TEST(ProfileReport, says_that_a_dpu_is_emulated) {
  ProfiledJob job = testing::host_job();
  job.plan.placement = launch::Place::shared;
  std::string text = format_profile(profile_report(job, {}, describe_machine(), {}));
  EXPECT_NE(text.find("shared placement"), std::string::npos) << text;
  EXPECT_EQ(text.find("emulat"), std::string::npos) << text;
  job.plan.placement = launch::Place::dpu;
  job.plan.dpu = DpuEmulation{.slowdown = 2.5, .latency_us = 1};
  text = format_profile(profile_report(job, {}, describe_machine(), {}));
  EXPECT_NE(text.find("dpu placement"), std::string::npos) << text;
  EXPECT_NE(text.find("dpu is an emulation (--dpu: its cores 2.5 times as slow, 1 us away, any "
                      "bandwidth)\n"),
            std::string::npos)
      << text;
}

TEST(ProfileReport, engine_processes_stand_with_their_first_agent) {
  ProfiledJob job = testing::host_job();
  job.plan.placement = launch::Place::engine;
  job.plan.engine_cpus = {1};
  for (RankProfile& rank : job.ranks) {
    rank.numbers["embedded"] = 0;
    rank.numbers["counter.cpu_ns"] = 2.5e8;
  }
  job.engines = {{.node = 1, .pid = 77, .user_seconds = 1, .peak_memory_bytes = 4096}};
  const Json profile = profile_report(job, {}, describe_machine(), {});
  EXPECT_DOUBLE_EQ(profile["total"]["engine_cpu_seconds"].get<double>(), 0.5);
  EXPECT_DOUBLE_EQ(profile["total"]["engine_cpu_utilization"].get<double>(), 0.5);
  EXPECT_TRUE(profile["engines"][0]["peak_memory_bytes"].is_null());
  EXPECT_EQ(profile["engines"][1]["pid"], 77);
  EXPECT_EQ(profile["engines"][1]["peak_memory_bytes"], 4096);
}

// Each of two engines sent ten records over a channel, of which five had come from the other.
TEST(ProfileReport, says_how_many_records_took_two_hops) {
  ProfiledJob job = testing::host_job();
  for (RankProfile& rank : job.ranks) {
    rank.routing = "grid";
    rank.numbers["counter.records_along"] = 6;
    rank.numbers["counter.records_across"] = 4;
    rank.numbers["counter.records_forwarded"] = 2;
  }
  const Json profile = profile_report(job, {}, describe_machine(), {});
  EXPECT_EQ(profile["job"]["routing"], "grid");
  EXPECT_EQ(profile["total"]["records_across"], 8);
  EXPECT_DOUBLE_EQ(profile["total"]["forwarded_share"].get<double>(), 0.25);
  const std::string text = format_profile(profile);
  EXPECT_NE(text.find("routing        grid: 25 % of the records between engines were forwarded by "
                      "a third one (12 sent along groups, 8 across, 4 of them forwarded)"),
            std::string::npos)
      << text;
  EXPECT_EQ(format_profile(report()).find("routing "), std::string::npos) << "direct is not said";
}

TEST(ProfileReport, the_format_page_names_all_keys) {
  const buddy::testing::Page page("formats/profile_json.md");
  const Json profile = report();
  const auto documented = [&](const char* section) {
    std::vector<std::string> keys;
    for (const auto& row : buddy::testing::first_table(page.section(section))) {
      keys.push_back(row.at(0));
    }
    return keys;
  };
  const auto written = [](const Json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
  };
  EXPECT_EQ(documented("Profile"), written(profile));
  EXPECT_EQ(documented("`job`"), written(profile["job"]));
  EXPECT_EQ(documented("`total`"), written(profile["total"]));
  EXPECT_EQ(documented("`engines`"), written(profile["engines"][0]));
}

TEST(ProfileReport, text_for_people_holds_the_figures) {
  const std::string text = format_profile(report());
  for (const char* part : {"2 rank(s) on 2 node(s)", "host placement", "50 % full", "handlers",
                           "ratio          - bytes"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
  }
}

}  // namespace
}  // namespace buddy::tools
