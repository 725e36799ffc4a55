// Items of any size: none, small, larger than a message, many megabytes; and sizes that do not fit.
// ranks: 1 2 4
// variants: host host:2:ucx engine:2 host:1:shm:1:grid host:2:ucx:1:grid
#include <cstring>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::pe;
using buddy::test::pes;

void sizes() {
  const std::vector<std::size_t> all{0, 1, 3, 4, 7, 63, 64, 8000, 8100, 8128, 8192, 30000, 1000000};
  convey_t* c = convey_new_elastic(1000000, SIZE_MAX, 0, nullptr, convey_opt_QUIET);
  expect_equal(convey_begin(c, 16, 16), int{convey_OK}, "begin");
  std::vector<char> bytes(1000001);
  expect_equal(convey_epush(c, 1000001, bytes.data(), 0), -10, "epush of one byte too many");
  expect_equal(convey_epush(c, 4, nullptr, 0), -2, "epush of NULL");
  std::size_t next = 0;
  std::vector<std::size_t> seen(static_cast<std::size_t>(pes), 0);
  while (convey_advance(c, next == all.size() * static_cast<std::size_t>(pes)) != convey_DONE) {
    for (; next < all.size() * static_cast<std::size_t>(pes); ++next) {
      const std::size_t index = next / static_cast<std::size_t>(pes);
      const auto dest = static_cast<std::int64_t>(next % static_cast<std::size_t>(pes));
      std::memset(bytes.data(), static_cast<int>(index + 1), all[index]);
      const int pushed =
          convey_epush(c, all[index], all[index] == 0 ? nullptr : bytes.data(), dest);
      if (pushed == convey_FAIL) break;
      expect_equal(pushed, int{convey_OK}, "epush");
    }
    convey_item_t item{};
    while (convey_epull(c, &item) == convey_OK) {
      auto& index = seen[static_cast<std::size_t>(item.from)];
      expect_equal(item.bytes, all[index], "size of an item");
      expect(reinterpret_cast<std::uintptr_t>(item.data) % 16 == 0, "an item is aligned");
      const char* data = static_cast<const char*>(item.data);
      bool whole = true;
      for (std::size_t i = 0; i < item.bytes; ++i) whole = whole && data[i] == char(index + 1);
      expect(whole, "content of an item");
      ++index;
    }
  }
  for (const std::size_t count : seen) expect_equal(count, all.size(), "items of a PE");
  convey_reset(c);
  convey_free(c);
}

/// push() and pull() work, too, for the size that begin() has named; others stay where they are.
void fixed_among_others() {
  convey_t* c = convey_new_etensor(1000, 1000, 1, 1, 1, nullptr, convey_opt_QUIET);
  convey_begin(c, 8, 8);
  const std::int64_t word = 42;
  const int to = (pe + 1) % pes;
  expect_equal(convey_push(c, &word, to), int{convey_OK}, "push");
  expect_equal(convey_epush(c, 3, "abc", to), int{convey_OK}, "epush");
  int state = convey_OK;
  while (state == convey_OK) state = convey_advance(c, true);
  expect_equal(state, int{convey_NEAR}, "all has arrived");
  std::int64_t got = 0;
  expect_equal(convey_pull(c, &got, nullptr), int{convey_OK}, "pull");
  expect_equal(got, word, "item");
  expect_equal(convey_pull(c, &got, nullptr), -9, "pull of another size");
  expect(convey_apull(c, nullptr) == nullptr, "apull of another size");
  expect_equal(convey_epull(c, nullptr), -2, "epull to NULL");
  convey_item_t item{};
  expect_equal(convey_epull(c, &item), int{convey_OK}, "epull");
  expect(item.bytes == 3 && std::memcmp(item.data, "abc", 3) == 0, "elastic item");
  expect_equal(convey_unpull(c), int{convey_OK}, "unpull");
  expect_equal(convey_unpull(c), int{convey_FAIL}, "a second unpull");
  expect_equal(convey_epull(c, &item), int{convey_OK}, "epull again");
  while (convey_advance(c, true) == convey_NEAR) {
  }
  expect_equal(convey_reset(c), int{convey_OK}, "reset");
  convey_free(c);
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(
      argc, argv, {{"sizes", sizes}, {"fixed_among_others", fixed_among_others}});
}
