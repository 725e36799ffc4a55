#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <set>

namespace buddy {
namespace {

// Published values of FNV-1a, of texts with the zero at their end.
TEST(Digest, is_fnv_1a) {
  EXPECT_EQ(Digest().value(), 0xcbf29ce484222325u);
  EXPECT_EQ(Digest().add("a").value(), 0x089be207b544f1e4u);
  EXPECT_EQ(Digest().add("foobar").value(), 0x34531ca7168b8f38u);
}

TEST(Digest, knows_where_texts_end_and_in_which_order_they_come) {
  const std::set<std::uint64_t> all{Digest().add("ab").value(),
                                    Digest().add("a").add("b").value(),
                                    Digest().add("b").add("a").value(),
                                    Digest().add("ab").add("").value(),
                                    Digest().add(1).add(2).value(),
                                    Digest().add(2).add(1).value(),
                                    Digest().add(1u << 8).value(),
                                    Digest().add(1).value(),
                                    Digest().add(std::uint64_t{1} << 56).value()};
  EXPECT_EQ(all.size(), 9u);
}

}  // namespace
}  // namespace buddy
