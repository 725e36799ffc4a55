// Every way in which messages can go wrong is noticed.
#include "tools/scale/scale_check.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

/// Two messages from rank 0 to rank 1, and one from rank 2.
Deliveries three_sent() {
  Deliveries deliveries(3);
  deliveries.sent(1, {0, 1});
  deliveries.sent(1, {0, 2});
  deliveries.sent(1, {2, 1});
  return deliveries;
}

TEST(Deliveries, order_counts_for_each_source_alone) {
  Deliveries deliveries = three_sent();
  deliveries.arrived(1, {0, 1});
  deliveries.arrived(1, {2, 1});
  EXPECT_FALSE(deliveries.complete()) << "one is missing";
  deliveries.arrived(1, {0, 2});
  EXPECT_TRUE(deliveries.complete());
  EXPECT_EQ(deliveries.messages(), 3u);
}

TEST(Deliveries, wrong_order_is_noticed) {
  Deliveries deliveries = three_sent();
  for (const Stamp stamp : {Stamp{0, 2}, Stamp{0, 1}, Stamp{2, 1}}) deliveries.arrived(1, stamp);
  EXPECT_FALSE(deliveries.complete());
}

TEST(Deliveries, twice_is_noticed) {
  Deliveries deliveries = three_sent();
  for (const Stamp stamp : {Stamp{0, 1}, Stamp{0, 2}, Stamp{2, 1}, Stamp{2, 1}}) {
    deliveries.arrived(1, stamp);
  }
  EXPECT_FALSE(deliveries.complete());
}

TEST(Deliveries, another_rank_or_another_message_is_noticed) {
  Deliveries elsewhere = three_sent();
  for (const Stamp stamp : {Stamp{0, 1}, Stamp{0, 2}}) elsewhere.arrived(1, stamp);
  elsewhere.arrived(2, {2, 1});
  EXPECT_FALSE(elsewhere.complete());
  Deliveries other = three_sent();
  for (const Stamp stamp : {Stamp{0, 1}, Stamp{0, 3}, Stamp{2, 1}}) other.arrived(1, stamp);
  EXPECT_FALSE(other.complete());
  Deliveries stranger = three_sent();
  for (const Stamp stamp : {Stamp{0, 1}, Stamp{0, 2}, Stamp{7, 1}}) stranger.arrived(1, stamp);
  EXPECT_FALSE(stranger.complete());
}

}  // namespace
}  // namespace buddy::tools
