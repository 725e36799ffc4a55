#include "launch/hosts/host_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>

namespace buddy::launch {
namespace {

std::string error_of(const std::string& text) {
  return parse_host_file(text, "hosts").status().message();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<int> shares(const std::vector<HostEntry>& hosts, std::optional<int> ranks) {
  std::vector<int> all;
  const auto shared = share_ranks(hosts, ranks, "hosts");
  if (!shared.ok()) return all;
  for (const HostShare& share : shared.value()) all.push_back(share.ranks);
  return all;
}

TEST(HostFile, has_a_machine_a_line_with_slots_and_comments) {
  const auto hosts = parse_host_file(
      "# machines\n\nnode1 slots=4 # four\n  node2\t\r\n10.0.0.3\nfd00::4 slots=1", "hosts");
  ASSERT_TRUE(hosts.ok()) << hosts.status().message();
  ASSERT_EQ(hosts.value().size(), 4u);
  EXPECT_EQ(hosts.value()[0].name, "node1");
  EXPECT_EQ(hosts.value()[0].slots, 4);
  EXPECT_EQ(hosts.value()[1].name, "node2");
  EXPECT_FALSE(hosts.value()[1].slots);
  EXPECT_EQ(hosts.value()[3].name, "fd00::4");
}

TEST(HostFile, says_what_is_wrong_and_in_which_line) {
  EXPECT_TRUE(contains(error_of(""), "hosts names no machine"));
  EXPECT_TRUE(contains(error_of("# nothing\n\n"), "hosts names no machine"));
  EXPECT_TRUE(
      contains(error_of("a\nb\na slots=2\n"), "hosts:3: a is there twice (it is in line 1"));
  for (const char* slots : {"slots=0", "slots=-1", "slots=", "slots=4x", "slots=65537"}) {
    EXPECT_TRUE(contains(error_of(std::string("a\nb ") + slots), "hosts:2: cannot take '"))
        << slots;
  }
  EXPECT_TRUE(contains(error_of("a slots=1 slots=2"), "there twice"));
  EXPECT_TRUE(contains(error_of("a cpus=4"), "only slots=N"));
  // What a launcher would take for an option, or for a list.
  for (const char* name : {"-x", "a,b", "a;b", "$(b)", "a/b"}) {
    EXPECT_TRUE(contains(error_of(name), "not the name of a machine")) << name;
  }
  EXPECT_TRUE(contains(read_host_file("/does/not/exist").status().message(), "No such file"));
  EXPECT_TRUE(contains(read_host_file("/").status().message(), "cannot read /"));
}

TEST(HostFile, may_be_long) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "node" + std::to_string(i) + " slots=8\n";
  const auto begin = std::chrono::steady_clock::now();
  const auto hosts = parse_host_file(text, "hosts");
  const auto shared = share_ranks(hosts.value(), 65'536, "hosts");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_EQ(hosts.value().size(), 100'000u);
  EXPECT_EQ(shared.value().size(), 8192u);
  // One rank for each machine would be too many.
  EXPECT_TRUE(contains(share_ranks(hosts.value(), {}, "hosts").status().message(), "1 to 65536"));
}

TEST(HostShares, fill_slots_in_order_and_split_the_rest_evenly) {
  using Shares = std::vector<int>;
  EXPECT_EQ(shares({{"a", 2}, {"b", 4}}, {}), (Shares{2, 4}));
  EXPECT_EQ(shares({{"a", 2}, {"b", 4}}, 3), (Shares{2, 1}));
  EXPECT_EQ(shares({{"a", 2}, {"b", 4}}, 2), (Shares{2}));  // b is left out
  EXPECT_EQ(shares({{"a"}, {"b"}, {"c"}}, {}), (Shares{1, 1, 1}));
  EXPECT_EQ(shares({{"a"}, {"b"}, {"c"}}, 7), (Shares{2, 2, 3}));
  EXPECT_EQ(shares({{"a"}, {"b", 2}, {"c"}}, 6), (Shares{2, 2, 2}));
  EXPECT_EQ(shares({{"a"}, {"b", 2}}, 2), (Shares{2}));
}

TEST(HostShares, are_not_more_than_slots) {
  const std::string message = share_ranks({{"a", 2}, {"b", 3}}, 6, "hosts").status().message();
  EXPECT_TRUE(contains(message, "cannot start 6 ranks (the machines of hosts have 5 slots)"))
      << message;
  EXPECT_TRUE(contains(share_ranks({{"a"}}, 0, "hosts").status().message(), "0 ranks"));
}

// Every rank is on one machine, ranks of a machine follow each other, and slots are kept.
RC_GTEST_PROP(HostShares, cover_all_ranks_once, ()) {
  std::vector<HostEntry> hosts;
  const int count = *rc::gen::inRange(1, 20);
  for (int i = 0; i < count; ++i) {
    HostEntry host{.name = "h" + std::to_string(i)};
    if (*rc::gen::arbitrary<bool>()) host.slots = *rc::gen::inRange(1, 9);
    hosts.push_back(host);
  }
  const int ranks = *rc::gen::inRange(1, 200);
  const auto shared = share_ranks(hosts, ranks, "hosts");
  if (!shared.ok()) {
    int slots = 0;
    for (const HostEntry& host : hosts) {
      RC_ASSERT(host.slots.has_value());
      slots += *host.slots;
    }
    RC_ASSERT(slots < ranks);
    return;
  }
  int next = 0;
  for (const HostShare& share : shared.value()) {
    RC_ASSERT(share.first_rank == next);
    RC_ASSERT(share.ranks > 0);
    const auto host = std::find_if(hosts.begin(), hosts.end(),
                                   [&](const HostEntry& each) { return each.name == share.name; });
    RC_ASSERT(!host->slots || share.ranks <= *host->slots);
    next += share.ranks;
  }
  RC_ASSERT(next == ranks);
}

}  // namespace
}  // namespace buddy::launch
