// Items for a PE that pulls nothing until the others have pushed what they can: pushes fail, memory
// stays small, nothing is lost. CONVEY_TEST_ITEMS: how many in all (10^8 by hand).
// ranks: 2 4
// variants: host engine
#include <fstream>
#include <string>

#include "compat/convey/convey_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::pe;
using buddy::test::pes;

/// Memory of this process that is its own, MiB.
double own_mib() {
  std::ifstream status("/proc/self/smaps_rollup");
  std::string word;
  double kib = 0;
  while (status >> word) {
    double value = 0;
    if ((word == "Private_Dirty:" || word == "Shared_Dirty:") && status >> value) kib += value;
  }
  return kib / 1024;
}

void receiver_that_does_not_pull() {
  const char* wanted = std::getenv("CONVEY_TEST_ITEMS");
  const std::int64_t items = (wanted != nullptr ? std::atoll(wanted) : 2000000) / (pes - 1);
  convey_t* first = convey_new(SIZE_MAX, 0, nullptr, 0);  // what all conveyors share comes first
  convey_begin(first, 8, 8);
  buddy::test::finish(first);
  convey_free(first);
  const double before = own_mib();
  double most = 0;
  convey_t* c = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_begin(c, 8, 8);
  std::int64_t pushed = pe == 0 ? items : 0;
  std::int64_t failures = 0;
  std::vector<std::int64_t> next(static_cast<std::size_t>(pes), 0);
  int quiet_rounds = 0;
  for (std::int64_t rounds = 0; convey_advance(c, pushed == items) != convey_DONE; ++rounds) {
    while (pushed < items && convey_push(c, &pushed, 0) == convey_OK) ++pushed;
    if (pushed < items) ++failures;
    if (rounds % 1000 == 0) most = std::max(most, own_mib() - before);
    // Until nothing more can arrive: far more rounds than it takes to fill everything.
    if (pe == 0 && ++quiet_rounds <= 3000) continue;
    std::int64_t item = 0;
    std::int64_t from = 0;
    while (convey_pull(c, &item, &from) == convey_OK) {
      expect_equal(item, next[static_cast<std::size_t>(from)]++, "an item");
    }
  }
  most = std::max(most, own_mib() - before);
  if (pe == 0) {
    for (int source = 1; source < pes; ++source) {
      expect_equal(next[static_cast<std::size_t>(source)], items, "items of a PE");
    }
  } else {
    expect(failures > 0, "pushes fail");
  }
  std::printf("PE %d: %.1f MiB more at most, %lld pushes failed\n", pe, most,
              static_cast<long long>(failures));
  expect(most < 16, "less than 16 MiB of memory for it");
  convey_reset(c);
  convey_free(c);
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(
      argc, argv, {{"receiver_that_does_not_pull", receiver_that_does_not_pull}}, 110);
}
