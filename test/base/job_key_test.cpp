#include "base/job_key.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace buddy {
namespace {

RC_GTEST_PROP(JobKey, reads_what_it_wrote, (std::uint64_t first, std::uint64_t second)) {
  const JobKey key{{first, second}};
  const std::string text = to_string(key);
  RC_ASSERT(text.size() == 32u);
  const auto parsed = parse_job_key(text);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(parsed.value() == key);
}

TEST(JobKey, is_random) { EXPECT_NE(random_job_key(), random_job_key()); }

TEST(JobKey, refuses_everything_else) {
  for (const char* text :
       {"", "0", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
        "0123456789abcdef 123456789abcdef", "0123456789abcdeg0123456789abcdef",
        "-123456789abcdef0123456789abcdef", "0x23456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcde\n"}) {
    const auto parsed = parse_job_key(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.status().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parsed.status().message().find(text[0] == '\0' ? "0123" : text), std::string::npos)
        << "the key is a secret";
  }
}

}  // namespace
}  // namespace buddy
