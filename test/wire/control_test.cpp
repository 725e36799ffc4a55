#include "wire/control.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/bodies.hpp"

namespace buddy::wire {
namespace {

RC_GTEST_PROP(Control, reads_exactly_what_was_sent,
              (std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d)) {
  const BarrierReport report{a, b, c, d};
  const auto read = read_control<BarrierReport>(bytes_of(report));
  RC_ASSERT(read.has_value());
  RC_ASSERT(std::memcmp(&*read, &report, sizeof report) == 0);
}

TEST(Control, other_sizes_are_refused) {
  for (std::size_t size = 0; size < 100; ++size) {
    const test::Bytes body(size);
    EXPECT_EQ(read_control<BarrierReport>(body).has_value(), size == sizeof(BarrierReport));
    EXPECT_EQ(read_control<WaveMessage>(body).has_value(), size == sizeof(WaveMessage));
    EXPECT_EQ(read_control<BarrierRelease>(body).has_value(), size == sizeof(BarrierRelease));
  }
}

TEST(Control, failures_keep_code_and_text) {
  for (auto code = ErrorCode::invalid_argument; code <= ErrorCode::timeout;
       code = static_cast<ErrorCode>(static_cast<int>(code) + 1)) {
    for (const std::size_t length : {0u, 1u, 999u, 1000u, 5000u}) {
      const std::string text(length, 'x');
      const Status read = decode_failure(encode_failure({code, text}));
      EXPECT_EQ(read.code(), code);
      EXPECT_EQ(read.message(), text.substr(0, 1000)) << "long texts are cut";
    }
  }
}

TEST(Control, damaged_failures_are_failures_all_the_same) {
  test::for_each_seed(20'000, [](std::uint64_t seed) {
    test::Random random(seed);
    test::Bytes body = encode_failure({ErrorCode::peer_died, std::string(random.below(40), 'x')});
    test::mutate(body, random);
    body.shrink_to_fit();
    const Status read = decode_failure(body);
    ASSERT_FALSE(read.ok()) << "a failure notice must never read as success";
    ASSERT_LE(read.code(), ErrorCode::timeout);
  });
}

}  // namespace
}  // namespace buddy::wire
