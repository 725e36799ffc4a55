// Item sizes and alignments: pointers are aligned as asked for, or as the size allows, and the
// pointer of one pull is valid until the next.
// ranks: 1 2
// variants: host engine
#include <cstring>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::pe;
using buddy::test::pes;

void check(std::size_t bytes, std::size_t asked, std::size_t granted) {
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, 0);
  expect_equal(convey_begin(c, bytes, asked), int{convey_OK}, "begin");
  std::vector<unsigned char> item(bytes);
  int next = 0;
  int seen = 0;
  while (convey_advance(c, next == 300) != convey_DONE) {
    for (; next < 300; ++next) {
      std::memset(item.data(), next % 251, bytes);
      if (convey_push(c, item.data(), (pe + 1) % pes) != convey_OK) break;
    }
    while (const auto* got = static_cast<unsigned char*>(convey_apull(c, nullptr))) {
      expect(reinterpret_cast<std::uintptr_t>(got) % granted == 0, "aligned");
      convey_advance(c, next == 300);  // more may arrive meanwhile
      expect(got[0] == seen % 251 && got[bytes - 1] == seen % 251, "valid until the next pull");
      ++seen;
    }
  }
  expect_equal(seen, 300, "items");
  convey_reset(c);
  convey_free(c);
}

void alignments() {
  check(8, 8, 8);
  check(8, 1, 1);
  check(8, 0, 8);   // the largest that divides the size
  check(8, 16, 8);  // does not divide the size
  check(8, 3, 8);   // no power of two
  check(24, 0, 8);
  check(64, 64, 64);
  check(128, 128, 64);  // more than is promised
  check(3, 0, 1);
  check(1, 1, 1);
  check(20000, 0, 32);
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(argc, argv, {{"alignments", alignments}});
}
