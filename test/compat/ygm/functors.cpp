// Function objects with constructors of their own: their bytes travel, and nothing is copied.
// ranks: 1 2 4
// variants: host host:2:ucx engine shared dpu
#define YGM_SKIP_ASYNC_LAMBDA_COMPLIANCE 1

#include <string>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

int made = 0;    ///< constructors of any kind
int copied = 0;  ///< copies and moves
int ended = 0;   ///< destructors
long calls = 0;
long sum = 0;

void clear(ygm::comm& world) {
  world.barrier();
  made = copied = ended = 0;
  calls = sum = 0;
  world.cf_barrier();
}

/// Counts what happens to it; carries nothing.
struct Counting {
  Counting() { ++made; }
  Counting(const Counting&) { ++made, ++copied; }
  Counting(Counting&&) noexcept { ++made, ++copied; }
  Counting& operator=(const Counting&) = default;
  ~Counting() { ++ended; }
  void operator()(int by) const { ++calls, sum += by; }
};

/// The same with a value.
struct Carrying : Counting {
  explicit Carrying(long amount) : value(amount) {}
  void operator()(ygm::comm* here, const std::string& text) const {
    ++calls;
    sum += value + static_cast<long>(text.size()) + 1'000 * here->rank();
  }
  long value;
};

void nothing_is_copied(ygm::comm& world) {
  clear(world);
  {
    const Counting object;
    for (int dest = 0; dest < world.size(); ++dest) world.async(dest, object, dest);
    expect_equal(made, 1, "objects made for async()");
    world.async(0, Counting(), 0);
    expect_equal(made, 2, "objects made for a temporary one");
    world.async_bcast(object, 1);
    world.async_mcast({0, 0}, object, 2);
    expect_equal(made, 2, "objects made for async_bcast() and async_mcast()");
  }
  world.barrier();
  const long n = world.size();
  expect_equal(copied, 0, "copies");
  expect_equal(made, 2, "objects made by handlers");
  expect_equal(ended, 2, "destructors");
  expect_equal(world.all_reduce_sum(calls), n * (n + 1 + n + 2), "calls");
  expect_equal(sum, n * (world.rank() + 1) + (world.rank0() ? 4 * n : 0), "sum of the arguments");
}

void bytes_travel(ygm::comm& world) {
  clear(world);
  Carrying object(30 + world.rank());
  const int next = (world.rank() + 1) % world.size();
  for (int i = 0; i < 1'000; ++i) world.async(next, object, std::string("four"));
  object.value = 0;  // what was sent has been sent
  world.barrier();
  const int last = (world.rank() + world.size() - 1) % world.size();
  expect_equal(calls, 1'000L, "calls");
  expect_equal(sum, 1'000L * (34 + last + 1'000 * world.rank()), "values that arrived");
  expect_equal(copied, 0, "copies");
}

/// What containers do: a lambda that holds the program's object.
void captured(ygm::comm& world) {
  clear(world);
  const Carrying object(7);
  world.async(
      0, [object](ygm::comm* here, int) { object(here, std::string("abc")); }, 1);
  world.barrier();
  expect_equal(calls, world.rank0() ? long{world.size()} : 0L, "calls");
  expect_equal(sum, world.rank0() ? 10L * world.size() : 0L, "values");
}

/// Ordinary ones beside them.
void ordinary(ygm::comm& world) {
  clear(world);
  const long value = world.rank();
  world.async_bcast([value](int by) { ++calls, sum += by + value; }, 1);
  world.barrier();
  const long n = world.size();
  expect_equal(calls, n, "calls");
  expect_equal(sum, n + n * (n - 1) / 2, "captured values");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"nothing is copied", nothing_is_copied},
                                     {"bytes travel", bytes_travel},
                                     {"captured", captured},
                                     {"ordinary", ordinary}});
}
