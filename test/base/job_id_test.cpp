#include "base/job_id.hpp"

#include <gtest/gtest.h>

namespace buddy {
namespace {

TEST(JobId, text_and_bytes_are_the_same_number) {
  const JobId id = random_job_id();
  const auto again = parse_job_id(to_string(id));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value(), id);
  EXPECT_NE(random_job_id(), id);
  const auto known = parse_job_id("000102030405060708090a0b0c0d0eFF");
  ASSERT_TRUE(known.ok());
  EXPECT_EQ(known.value().bytes[1], std::byte{1});
  EXPECT_EQ(known.value().bytes[15], std::byte{255});
  EXPECT_EQ(to_string(known.value()), "000102030405060708090a0b0c0d0eff");
}

TEST(JobId, refuses_other_text) {
  for (const char* text :
       {"", "1", "000102030405060708090a0b0c0d0ef", "-00102030405060708090a0b0c0d0eff",
        "000102030405060708090a0b0c0d0effff", "g00102030405060708090a0b0c0d0eff"}) {
    EXPECT_EQ(parse_job_id(text).status().code(), ErrorCode::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace buddy
