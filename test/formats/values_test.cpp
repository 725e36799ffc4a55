// Enumerations, constants and computed figures in docs/ are those of the code.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <buddy/error.hpp>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "arena/counter_file.hpp"
#include "arena/doorbell.hpp"
#include "arena/sizes.hpp"
#include "base/counters.hpp"
#include "engine/engine.hpp"
#include "engine/job_limits.hpp"
#include "instrument/trace.hpp"
#include "support/markdown.hpp"
#include "wire/frame.hpp"
#include "wire/job_map.hpp"
#include "wire/roll_call.hpp"
#include "wire/routes.hpp"

namespace buddy::testing {
namespace {

using Names = std::vector<std::pair<std::uint64_t, std::string>>;

/// The first two columns of an enumeration's table.
void expect_names(const char* file, const char* type, const Names& expected) {
  const Page page(std::string("formats/") + file);
  const auto rows = first_table(page.section(std::string("`") + type + "`"));
  Names documented;
  for (const Row& row : rows) documented.emplace_back(std::stoull(row.at(0)), row.at(1));
  EXPECT_EQ(documented, expected) << file << ": " << type;
}

template <class E>
std::pair<std::uint64_t, std::string> named(E value, const char* name) {
  return {static_cast<std::uint64_t>(value), name};
}

TEST(DocumentedValues, of_frame_kinds) {
  using enum wire::FrameKind;
  expect_names(
      "frame.md", "FrameKind",
      {named(padding, "padding"), named(routed, "routed"), named(final, "final"),
       named(report, "report"), named(release, "release"), named(wave, "wave"),
       named(failure, "failure"), named(goodbye, "goodbye"), named(roll_call, "roll_call"),
       named(roll_answer, "roll_answer"), named(counters, "counters"), named(sent_at, "sent_at")});
}

TEST(DocumentedValues, of_what_ranks_do) {
  using enum wire::Where;
  expect_names(
      "control.md", "Where",
      {named(elsewhere, "elsewhere"), named(barrier, "barrier"), named(collective, "collective"),
       named(waiting, "waiting"), named(last_barrier, "last_barrier"), named(left, "left"),
       named(handlers, "handlers")});
}

TEST(DocumentedValues, of_trace_kinds) {
  using enum TraceKind;
  expect_names("trace.md", "TraceKind",
               {named(receive, "receive"), named(intake, "intake"), named(read, "read"),
                named(write, "write"), named(send, "send")});
}

TEST(DocumentedValues, of_error_codes) {
  using enum ErrorCode;
  expect_names(
      "control.md", "ErrorCode",
      {named(ok, "ok"), named(invalid_argument, "invalid_argument"), named(no_engine, "no_engine"),
       named(no_memory, "no_memory"), named(mismatch, "mismatch"), named(corrupt, "corrupt"),
       named(peer_died, "peer_died"), named(system, "system"), named(timeout, "timeout")});
}

TEST(DocumentedValues, of_wakefulness) {
  using enum arena::Wakefulness;
  expect_names("doorbell.md", "Wakefulness",
               {named(busy, "busy"), named(idle, "idle"), named(sleeping, "sleeping")});
}

TEST(DocumentedValues, of_counters) {
  Names names;
  for (std::size_t i = 0; i < counter_count; ++i) names.emplace_back(i, counter_names[i]);
  expect_names("counters.md", "Counter", names);
  const auto rows = first_table(Page("formats/counters.md").section("`CounterPage`"));
  std::array<char, 32> magic{};
  std::snprintf(magic.data(), magic.size(), "0x%llx",
                static_cast<unsigned long long>(arena::CounterPage::magic_value));
  EXPECT_TRUE(rows.at(0).at(4).starts_with(magic.data())) << rows[0][4];
  EXPECT_EQ(rows.at(1).at(4), std::to_string(arena::counter_page_version));
  EXPECT_TRUE(rows.at(2).at(4).ends_with(" " + std::to_string(counter_count))) << rows[2][4];
}

std::string in_kib(std::size_t bytes) { return std::to_string(bytes / 1024); }

std::string in_mib(std::size_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", static_cast<double>(bytes) / (1 << 20));
  return text.data();
}

Row sizes_row(std::size_t agents) {
  const arena::Sizes sizes = arena::sizes_for(agents);
  const arena::Sizes forwarding = arena::sizes_for(agents, {}, true);
  return {std::to_string(agents),          in_kib(sizes.block_bytes),
          in_kib(sizes.fabric_ring_bytes), in_kib(forwarding.fabric_ring_bytes),
          in_kib(sizes.link_ring_bytes),   in_kib(sizes.loopback_ring_bytes)};
}

/// So many agents of one rank each. \param apart whether each is a machine of its own
wire::JobMap map_of(std::uint32_t agents, const std::string& routing, bool apart) {
  wire::JobMap map;
  map.routing = wire::parse_routing(routing).value_or(Routing::automatic);
  for (std::uint32_t agent = 0; agent < agents; ++agent) {
    map.agent_of_rank.push_back(agent);
    map.node_of_agent.push_back(apart ? agent : 0);
    map.machine_of_agent.push_back(apart ? agent : 0);
  }
  return map;
}

/// A job of so many ranks on one machine, fabric shm, host placement. All agents have as many
/// neighbours: the numbers are squares.
Row host_row(std::uint32_t ranks, const std::string& routing) {
  const wire::JobMap map = map_of(ranks, routing, false);
  const wire::Routes routes(map);
  const arena::Sizes sizes = arena::sizes_for(routes, {});
  const std::size_t channels = routes.most_neighbours();
  const std::size_t hops = channels + 1;  // its rank, too
  const std::size_t shared =
      arena::fabric_arena_bytes(channels, sizes) + engine::engine_arena_bytes(hops, sizes);
  const std::size_t outbox_and_lent = 2 * arena::open_block_bytes(sizes);
  const std::size_t own = 2 * arena::ring_bytes(sizes.loopback_ring_bytes) + outbox_and_lent;
  return {std::to_string(ranks), routing,     std::to_string(channels),
          in_mib(shared),        in_mib(own), in_mib(ranks * shared)};
}

/// The same with one engine of one worker: one agent, whose hops are the ranks.
Row engine_row(std::size_t ranks) {
  const arena::Sizes sizes = arena::sizes_for(1);
  const std::size_t link = 2 * arena::ring_bytes(sizes.link_ring_bytes);
  const std::size_t all =
      arena::fabric_arena_bytes(0, sizes) + engine::engine_arena_bytes(ranks, sizes) + ranks * link;
  return {std::to_string(ranks), in_mib(link + arena::open_block_bytes(sizes)), in_mib(all)};
}

std::uint64_t agent_bytes(std::uint32_t agents, const std::string& routing) {
  return engine::agent_memory_bytes(map_of(agents, routing, true), AgentId{0});
}

Row agent_row(std::uint32_t agents, const std::string& routing) {
  const std::size_t channels = wire::Routes(map_of(agents, routing, true)).most_neighbours();
  return {std::to_string(agents), routing, std::to_string(channels),
          in_mib(agent_bytes(agents, routing))};
}

std::uint32_t number(const std::string& cell) {
  return static_cast<std::uint32_t>(std::stoul(cell));
}

TEST(DocumentedValues, of_memory) {
  const Page page("design/memory.md");
  const auto sizes = first_table(page.section("Sizes"));
  ASSERT_EQ(sizes.size(), 10u);
  for (const Row& row : sizes) EXPECT_EQ(row, sizes_row(number(row.at(0))));
  const auto lines = page.section("Memory of a job");
  const auto host = first_table(lines);
  ASSERT_EQ(host.size(), 9u);
  for (const Row& row : host) EXPECT_EQ(row, host_row(number(row.at(0)), row.at(1)));
  const auto second = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("Engine placement");
  });
  const auto engine = first_table({second, lines.end()});
  ASSERT_EQ(engine.size(), 4u);
  for (const Row& row : engine) EXPECT_EQ(row, engine_row(number(row.at(0))));
  const auto agents = first_table(page.section("Memory of an engine"));
  ASSERT_EQ(agents.size(), 7u);
  for (const Row& row : agents) EXPECT_EQ(row, agent_row(number(row.at(0)), row.at(1)));
}

// What two hops are for.
TEST(DocumentedValues, of_memory_are_bounded) {
  EXPECT_LE(std::stod(host_row(256, "grid").at(3)), 8);
  EXPECT_LE(std::stod(host_row(256, "grid").at(5)), 2048);
  EXPECT_LE(agent_bytes(4096, "grid"), std::uint64_t{64} << 20);
}

}  // namespace
}  // namespace buddy::testing
