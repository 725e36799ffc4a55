#include "wire/roll_call.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace buddy::wire {
namespace {

RollAnswer some_answer() {
  return {7, {{3, static_cast<std::uint32_t>(Where::barrier), 12, 5'000'000'000}, {4, 0, 11, 0}}};
}

TEST(RollAnswer, reads_what_was_sent) {
  for (const RollAnswer& sent : {some_answer(), RollAnswer{1, {}}}) {
    const auto read = decode_roll_answer(encode_roll_answer(sent));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->rank, sent.rank);
    ASSERT_EQ(read->places.size(), sent.places.size());
    for (std::size_t i = 0; i < sent.places.size(); ++i) {
      EXPECT_EQ(std::memcmp(&read->places[i], &sent.places[i], sizeof(RankPlace)), 0);
    }
  }
}

TEST(RollAnswer, other_sizes_and_unknown_places_are_refused) {
  auto body = encode_roll_answer(some_answer());
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_roll_answer(std::span(body).first(size)).has_value()) << size;
  }
  body.push_back({});
  EXPECT_FALSE(decode_roll_answer(body).has_value());
  body.pop_back();
  store(body.data() + 4, ~std::uint32_t{0});
  EXPECT_FALSE(decode_roll_answer(body).has_value()) << "more entries than bytes";
  RollAnswer unknown = some_answer();
  unknown.places[0].where = where_count;
  EXPECT_FALSE(decode_roll_answer(encode_roll_answer(unknown)).has_value());
}

}  // namespace
}  // namespace buddy::wire
