// Watching machines: what counts as a vanished machine, and what does not. Real silence needs a
// network that can be cut: test/hosts.
#include "transport/control/machine_watch.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/clock.hpp"

namespace buddy::transport {
namespace {

constexpr int patience_ms = 5'000;

/// A watch that knows this machine under addresses that it does not take for its own.
std::string loopback_address(const MachineWatch& watch) {
  const std::string address = watch.address();
  return address.substr(0, address.find(' ')) + " 127.9.9.9";
}

std::unique_ptr<MachineWatch> make() {
  auto made = MachineWatch::create(1);
  EXPECT_TRUE(made.ok()) << made.status().message();
  return std::move(made.value());
}

TEST(MachineWatch, address_is_a_port_and_numbers) {
  const auto watch = make();
  const std::string address = watch->address();
  const auto space = address.find(' ');
  ASSERT_NE(space, std::string::npos) << address;
  EXPECT_GT(std::stoi(address), 0);
  EXPECT_EQ(address.find_first_not_of("0123456789abcdef:. "), std::string::npos) << address;
}

// Nobody accepts the connection, nor says anything on it.
TEST(MachineWatch, a_machine_that_answers_is_not_gone) {
  const auto there = make();
  const auto here = make();
  ASSERT_TRUE(here->watch({{7, "there", loopback_address(*there)}}, patience_ms).ok());
  EXPECT_TRUE(here->unwatched().empty());
  EXPECT_GT(here->round_trip_ns(7), 0u);
  EXPECT_EQ(here->round_trip_ns(8), 0u);
  std::this_thread::sleep_for(std::chrono::milliseconds(2'500));  // longer than the time limit
  EXPECT_TRUE(here->vanished().empty());
}

TEST(MachineWatch, the_end_of_a_process_is_not_that_of_its_machine) {
  auto there = make();
  const auto here = make();
  ASSERT_TRUE(here->watch({{7, "there", loopback_address(*there)}}, patience_ms).ok());
  there.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_TRUE(here->vanished().empty());
  EXPECT_EQ(here->round_trip_ns(7), 0u);
}

TEST(MachineWatch, who_answers_nowhere_is_not_watched) {
  std::string address;
  {
    const auto gone = make();
    address = loopback_address(*gone);
  }
  const auto here = make();
  ASSERT_TRUE(here->watch({{3, "elsewhere", address}}, patience_ms).ok());
  const auto unwatched = here->unwatched();
  ASSERT_EQ(unwatched.size(), 1u);
  EXPECT_EQ(unwatched[0].machine, 3u);
  EXPECT_NE(unwatched[0].reason.message().find("elsewhere"), std::string::npos);
}

TEST(MachineWatch, the_first_address_that_answers_counts) {
  const auto there = make();
  const auto here = make();
  const std::string address = there->address();
  const std::string port = address.substr(0, address.find(' '));
  // 127.9.9.9 answers; nobody routes the other one, which is for documentation.
  const std::string both = port + " nonsense 192.0.2.1 127.9.9.9";
  ASSERT_TRUE(here->watch({{1, "there", both}}, patience_ms).ok());
  EXPECT_GT(here->round_trip_ns(1), 0u);
  EXPECT_TRUE(here->unwatched().empty());
}

TEST(MachineWatch, damaged_addresses_are_refused) {
  const auto here = make();
  for (const char* address : {"", "x 127.0.0.1", "0 127.0.0.1", "70000 127.0.0.1"}) {
    const Status status = here->watch({{1, "there", address}}, 0);
    EXPECT_EQ(status.code(), ErrorCode::corrupt) << address;
  }
}

}  // namespace
}  // namespace buddy::transport
