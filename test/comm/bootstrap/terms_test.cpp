#include "comm/bootstrap/terms.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace buddy::comm {
namespace {

Terms usual() {
  Terms terms;
  terms.handlers_digest = 17;
  terms.handlers = 3;
  terms.program = "/bin/a";
  terms.host = "here";
  return terms;
}

// Whatever compare() refuses must show in the digest: only then is it asked.
TEST(Terms, every_difference_shows_in_the_digest_and_is_named) {
  struct Difference {
    std::function<void(Terms&)> make;
    const char* said;
  };
  const std::vector<Difference> differences = {
      {[](Terms& terms) { terms.handlers_digest = 18; }, "different handlers (3 and 3)"},
      {[](Terms& terms) { terms.handlers = 4; }, "different handlers (3 and 4)"},
      {[](Terms& terms) { terms.placement = 1; }, "different options"},
      {[](Terms& terms) { terms.fabric = 1; }, "different options"},
      {[](Terms& terms) { terms.routing = 1; }, "different options"},
      {[](Terms& terms) { terms.knobs.block_bytes = 4096; }, "BLOCK_BYTES=4096"},
      {[](Terms& terms) { terms.knobs.ring_blocks = 8; }, "RING_BLOCKS=8"},
      {[](Terms& terms) { terms.knobs.hold_us = 5; }, "=5)"}};
  for (const Difference& difference : differences) {
    Terms other = usual();
    other.program = "/bin/b";
    other.host = "there";
    difference.make(other);
    EXPECT_NE(other.digest(), usual().digest()) << difference.said;
    const Status status = compare(usual(), 41, other);
    EXPECT_EQ(status.code(), ErrorCode::mismatch);
    EXPECT_NE(status.message().find(difference.said), std::string::npos) << status.message();
    EXPECT_EQ(status.message().rfind("rank 0 (/bin/a on here) and rank 41 (/bin/b on there) ", 0),
              0u)
        << status.message();
  }
}

// Where a program lies, and on which machine, may differ.
TEST(Terms, places_are_no_difference) {
  Terms other = usual();
  other.program = "/other/a";
  other.host = "there";
  EXPECT_EQ(other.digest(), usual().digest());
  EXPECT_TRUE(compare(usual(), 1, other).ok());
}

}  // namespace
}  // namespace buddy::comm
