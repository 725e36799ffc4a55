// Who has a core to itself, against trying all ways of giving out cores.
#include "comm/bootstrap/core_shares.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <set>

#include "support/seeds.hpp"

namespace buddy::comm {
namespace {

using Parties = std::vector<std::vector<std::int32_t>>;

TEST(CoreShares, a_core_each) {
  EXPECT_EQ(have_cores({{0}, {1}}), std::vector<bool>({true, true}));
  EXPECT_EQ(have_cores({{0, 1}, {0, 1}}), std::vector<bool>({true, true}));
  EXPECT_EQ(have_cores({}), std::vector<bool>());
}

TEST(CoreShares, who_is_bound_gets_its_core_and_others_move) {
  EXPECT_EQ(have_cores({{0, 1}, {0}}), std::vector<bool>({true, true}));
  EXPECT_EQ(have_cores({{0, 1, 2}, {0, 1}, {0}}), std::vector<bool>({true, true, true}));
}

// Two ranks bound to the cores of a machine, and an engine that may run on both.
TEST(CoreShares, an_engine_beside_ranks_that_have_all_cores_shares_with_all) {
  EXPECT_EQ(have_cores({{0}, {1}, {0, 1}}), std::vector<bool>({false, false, false}));
  EXPECT_EQ(have_cores({{0, 1}, {0, 1}, {0, 1}}), std::vector<bool>({false, false, false}));
}

TEST(CoreShares, who_can_move_away_from_a_crowd_has_a_core) {
  EXPECT_EQ(have_cores({{0}, {0}, {0, 1, 2, 3}}), std::vector<bool>({false, false, true}));
  EXPECT_EQ(have_cores({{0}, {0}, {0, 1}, {1}}), std::vector<bool>({false, false, false, false}));
  EXPECT_EQ(have_cores({{0}, {0}, {7}}), std::vector<bool>({false, false, true}));
}

// More ranks than cores, all of which may run everywhere: every rank of a machine works it out.
TEST(CoreShares, a_full_machine_is_no_work) {
  std::vector<std::int32_t> all_cpus(192);
  std::iota(all_cpus.begin(), all_cpus.end(), 0);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(have_cores(Parties(1024, all_cpus)), std::vector<bool>(1024, false));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
}

/// How many parties can have a core at the same time (Hall, König): those that no set of them, with
/// fewer CPUs than parties, leaves out.
std::size_t most_served(const Parties& parties) {
  std::size_t most = parties.size();
  for (unsigned set = 1; set < 1u << parties.size(); ++set) {
    std::set<std::int32_t> cpus;
    std::size_t size = 0;
    for (std::size_t p = 0; p < parties.size(); ++p) {
      if ((set >> p & 1u) == 0) continue;
      ++size;
      cpus.insert(parties[p].begin(), parties[p].end());
    }
    most = std::min(most, parties.size() - size + std::min(size, cpus.size()));
  }
  return most;
}

TEST(CoreShares, who_has_a_core_is_served_in_every_best_way) {
  test::for_each_seed(300, [](std::uint64_t seed) {
    test::Random random(seed);
    Parties parties(1 + random.below(7));
    for (auto& cpus : parties) {
      for (std::int32_t cpu = 0; cpu < 5; ++cpu) {
        if (random.one_in(2)) cpus.push_back(cpu);
      }
      if (cpus.empty()) cpus.push_back(static_cast<std::int32_t>(random.below(5)));
    }
    const std::vector<bool> have = have_cores(parties);
    for (std::size_t p = 0; p < parties.size(); ++p) {
      Parties others = parties;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(p));
      EXPECT_EQ(have[p], most_served(others) < most_served(parties)) << "party " << p;
    }
  });
}

}  // namespace
}  // namespace buddy::comm
