#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "arena/counter_file.hpp"
#include "arena/job_dir.hpp"
#include "base/clock.hpp"
#include "support/sandbox.hpp"
#include "tools/inspect/counter_view.hpp"
#include "tools/inspect/stat_view.hpp"

namespace buddy::tools {
namespace {

/// A page as an engine makes it: used by name while it starts, nameless afterwards.
class Engine {
 public:
  explicit Engine(std::uint32_t agent, bool embedded = false)
      : directory_(std::move(arena::JobDir::create().value())),
        file_(std::move(
            arena::CounterFile::create(directory_.path() + "/counters-" + std::to_string(agent), 2)
                .value())) {
    arena::CounterPage& page = file_.page();
    page.pid = static_cast<std::uint32_t>(getpid());
    page.agent = agent;
    page.embedded = embedded ? 1 : 0;
    page.ranks = 4;
    page.start_ns = monotonic_ns();
  }
  void unlink() { file_.unlink(); }
  arena::CounterPage& page() { return file_.page(); }
  arena::RankSlot& slot(std::size_t i) { return file_.slots()[i]; }

 private:
  arena::JobDir directory_;
  arena::CounterFile file_;
};

/// Other engines may run on the machine.
std::vector<CounterSample> own_samples() {
  std::vector<CounterSample> samples = sample_engines();
  std::erase_if(samples, [](const CounterSample& sample) { return sample.pid != getpid(); });
  return samples;
}

TEST(CounterView, finds_engines_with_and_without_names) {
  Engine named(0);
  Engine nameless(7, true);
  nameless.unlink();
  nameless.page().table.add(Counter::records_routed, 123);
  const auto samples = own_samples();
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0].agent, 0u);
  EXPECT_EQ(samples[1].agent, 7u);
  EXPECT_TRUE(samples[1].embedded);
  EXPECT_EQ(samples[1].value(Counter::records_routed), 123u);
}

TEST(CounterView, passes_over_what_is_no_page_of_this_version) {
  Engine engine(0);
  engine.page().version = arena::counter_page_version + 1;
  EXPECT_TRUE(own_samples().empty());
  engine.page().version = arena::counter_page_version;
  engine.page().magic = 0;
  EXPECT_TRUE(own_samples().empty());
}

TEST(CounterView, shows_what_ranks_do) {
  Engine engine(0);
  engine.slot(0).rank = 2;
  engine.slot(0).where = static_cast<std::uint32_t>(wire::Where::barrier);
  engine.slot(0).barrier = 5;
  engine.slot(0).since_ns = monotonic_ns() - 3'000'000'000;
  engine.slot(1).rank = 3;
  engine.slot(1).barrier = 4;
  const auto samples = own_samples();
  ASSERT_EQ(samples.size(), 1u);
  ASSERT_EQ(samples[0].places.size(), 2u);
  const std::string text = format_totals(samples);
  EXPECT_NE(text.find("rank 2               waits in barrier 5, for 3."), text.npos) << text;
  EXPECT_NE(text.find("rank 3               waits for nothing, past barrier 4"), text.npos) << text;
}

// The number of ranks is not believed.
TEST(CounterView, a_page_that_lies_about_its_size_is_not_read_behind_its_end) {
  Engine engine(0);
  engine.page().local_ranks = 1'000'000;
  const auto samples = own_samples();
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_TRUE(samples[0].places.empty());
}

CounterSample sample(std::uint64_t up_ns, std::uint64_t records) {
  CounterSample sample;
  sample.pid = 42;
  sample.agent = 1;
  sample.ranks = 4;
  sample.local_ranks = 2;
  sample.up_ns = up_ns;
  sample.values[static_cast<std::size_t>(Counter::records_routed)] = records;
  sample.values[static_cast<std::size_t>(Counter::cpu_ns)] = up_ns / 4;
  return sample;
}

TEST(StatView, shows_every_counter_by_name) {
  const std::string text = format_totals({sample(2'000'000'000, 5)});
  for (const std::string_view name : counter_names) {
    EXPECT_NE(text.find(name), std::string::npos) << name;
  }
  EXPECT_NE(text.find("engine of process 42: node 0, agent 1, 2 of 4 ranks, up 2.0 s"),
            std::string::npos)
      << text;
}

TEST(StatView, rates_are_per_second_between_two_looks) {
  const std::string text =
      format_rates({sample(1'000'000'000, 1'000'000)}, {sample(3'000'000'000, 5'000'000)});
  EXPECT_NE(text.find(" 2.000 "), std::string::npos) << text;
  EXPECT_NE(text.find(" 25.0\n"), std::string::npos) << text;
}

TEST(StatView, rates_tell_hops_apart) {
  CounterSample now = sample(2'000'000'000, 6'000'000);
  now.values[static_cast<std::size_t>(Counter::records_along)] = 4'000'000;
  now.values[static_cast<std::size_t>(Counter::records_across)] = 1'000'000;
  now.values[static_cast<std::size_t>(Counter::records_forwarded)] = 500'000;
  const std::string text = format_rates({}, {now});
  EXPECT_NE(text.find(" 3.000     2.000     0.500     0.250 "), std::string::npos) << text;
  for (const char* heading : {"along", "across", "forwarded"}) {
    EXPECT_NE(text.find(heading), std::string::npos) << text;
  }
}

TEST(StatView, rates_of_a_new_engine_count_from_its_start) {
  const std::string text = format_rates({}, {sample(2'000'000'000, 6'000'000)});
  EXPECT_NE(text.find(" 3.000 "), std::string::npos) << text;
}

TEST(StatView, says_when_no_engine_runs) {
  EXPECT_EQ(format_totals({}), "no engine is running on this machine\n");
  EXPECT_EQ(format_rates({}, {}), "no engine is running on this machine\n");
}

}  // namespace
}  // namespace buddy::tools
