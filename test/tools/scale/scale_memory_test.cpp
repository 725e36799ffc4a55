// What engines take by the formulas, and which simulations do not fit.
#include "tools/scale/scale_memory.hpp"

#include <gtest/gtest.h>

#include "tools/scale/reserved_memory.hpp"
#include "tools/scale/scale_report.hpp"

namespace buddy::tools {
namespace {

ScaleCase job_of(std::uint32_t agents, Routing routing) {
  ScaleCase job;
  job.agents = agents;
  job.nodes = agents;
  job.routing = routing;
  return job;
}

constexpr std::uint64_t mib = 1 << 20;

TEST(ScaleMemory, one_engine_among_4096_fits_64_mib_with_grid) {
  const EngineMemory grid = engine_memory(job_of(4096, Routing::grid));
  EXPECT_EQ(grid.channels, 126u);
  EXPECT_LE(grid.total(), 64 * mib);
  const EngineMemory direct = engine_memory(job_of(4096, Routing::direct));
  EXPECT_EQ(direct.channels, 4095u);
  EXPECT_GT(direct.total(), 300 * mib);
}

TEST(ScaleMemory, rings_inside_a_node_take_the_place_of_windows) {
  ScaleCase job = job_of(64, Routing::direct);
  job.nodes = 8;
  const EngineMemory memory = engine_memory(job);
  EXPECT_GT(memory.rings, 0u);
  EXPECT_LT(memory.windows, engine_memory(job_of(64, Routing::direct)).windows);
}

TEST(ScaleMemory, a_simulation_that_does_not_fit_is_refused_with_what_it_needs) {
  const ScaleCase job = job_of(4096, Routing::direct);
  const Status refused = check_memory(job, std::uint64_t{8} << 30);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.code(), ErrorCode::no_memory);
  EXPECT_NE(refused.message().find("'4096 agents, histogram, 10000 messages, direct' needs about"),
            std::string::npos)
      << refused.message();
  EXPECT_NE(refused.message().find("(8 GiB are available)"), std::string::npos);
  EXPECT_TRUE(check_memory(job, simulation_bytes(job)).ok());
  EXPECT_TRUE(check_memory(job_of(4096, Routing::grid), std::uint64_t{8} << 30).ok());
}

TEST(ScaleMemory, more_messages_touch_more_of_the_blocks) {
  ScaleCase job = job_of(1024, Routing::direct);
  const std::uint64_t few = simulation_bytes(job);
  job.messages = 10'000'000;
  EXPECT_GT(simulation_bytes(job), 2 * few);
}

TEST(ScaleMemory, sizes_on_paper_end_at_the_most_ranks) {
  const std::vector<SizedJob> sized = sizes_on_paper(job_of(64, Routing::grid));
  ASSERT_FALSE(sized.empty());
  EXPECT_EQ(sized.back().job.agents, 65536u);
  EXPECT_EQ(sized.back().job.routing, Routing::grid);
  EXPECT_EQ(sized.back().memory.channels, 510u);
}

TEST(ReservedMemory, costs_what_is_touched) {
  auto memory = ReservedMemory::create(std::size_t{1} << 30);
  ASSERT_TRUE(memory.ok());
  EXPECT_EQ(memory.value().resident_bytes(), 0u);
  memory.value().bytes()[12345] = std::byte{1};
  memory.value().bytes().back() = std::byte{1};
  EXPECT_EQ(memory.value().resident_bytes(), 2 * page_bytes());
}

}  // namespace
}  // namespace buddy::tools
