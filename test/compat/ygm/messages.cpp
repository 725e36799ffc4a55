// What can be sent and how it arrives: functors, captures, arguments, several destinations.
// ranks: 1 2 4
// variants: host engine engine:2:shm engine:2:ucx shared dpu
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {
std::size_t allocations = 0;
}  // namespace

// Not inlined: a compiler that sees one of a pair only takes them for a mismatch.
__attribute__((noinline)) void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

static_assert(!std::is_copy_constructible_v<ygm::comm> && !std::is_copy_assignable_v<ygm::comm>);
static_assert(!std::is_default_constructible_v<ygm::comm>);

int calls = 0;
long sum = 0;
std::string text;

void clear(ygm::comm& world) {
  calls = 0;
  sum = 0;
  text.clear();
  world.cf_barrier();
}

int next_of(const ygm::comm& world) { return (world.rank() + 1) % world.size(); }

// ---- function objects -------------------------------------------------------------------------

void add(long value) { sum += value; }

struct AddMember {
  int factor;
  void operator()(long value) const { sum += factor * value; }
};

struct Mutable {
  long count;
  void operator()(long value) { sum += count += value; }
};

/// Both forms are possible: the one with the communicator is taken.
struct Both {
  void operator()(ygm::comm*, int value) const { sum += 100 * value; }
  void operator()(int value) const { sum += value; }
};

void functors(ygm::comm& world) {
  clear(world);
  const int next = next_of(world);
  const long factor = 10;
  world.async(
      next, [](long value) { sum += value; }, 1L);
  world.async(
      next, [factor](long value) { sum += factor * value; }, 1L);
  world.async(next, AddMember{100}, 1L);
  world.async(next, Mutable{999}, 1L);
  world.async(next, &add, 10'000L);
  world.async(next, [] { sum += 100'000; });
  world.barrier();
  expect_equal(sum, 111'111L, "sum of all forms");
}

void the_communicator_comes_first(ygm::comm& world) {
  clear(world);
  static ygm::comm* seen = nullptr;
  world.async(next_of(world), Both{}, 1);
  world.async(world.rank(), [](ygm::comm* here) { seen = here; });
  world.async(
      world.rank(), [](auto* here, int value) { sum += here->rank() + 10 * value; }, 1);
  world.async(
      world.rank(),
      [](auto here, const auto&... rest) {
        sum += 1000 * static_cast<long>(sizeof...(rest)) + (here->size() > 0 ? 0 : 1);
      },
      1, 2);
  world.barrier();
  expect(seen == &world, "the handler's communicator is the receiver's own");
  expect_equal(sum, 100L + world.rank() + 10 + 2000, "sum");
}

struct Bits {
  std::array<std::uint8_t, 37> bytes;
  float number;
};

/// Captures travel as raw bytes, whatever they are, and are the receiver's own copy.
void captures(ygm::comm& world) {
  clear(world);
  Bits bits{};
  for (std::size_t i = 0; i < bits.bytes.size(); ++i)
    bits.bytes[i] = static_cast<std::uint8_t>(7 * i);
  bits.number = 0.5f;
  for (int i = 0; i < 1'000; ++i) {
    world.async(
        next_of(world),
        [bits, i](int check) {
          for (std::size_t k = 0; k < bits.bytes.size(); ++k) {
            if (bits.bytes[k] != static_cast<std::uint8_t>(7 * k)) return;
          }
          if (bits.number == 0.5f && i == check) ++calls;
        },
        i);
  }
  world.barrier();
  expect_equal(calls, 1'000, "intact captures");
}

// ---- arguments --------------------------------------------------------------------------------

struct Point {
  int x;
  int y;
};

struct Named {  // with a serialize() as YGM wants it
  std::string name;
  std::map<int, std::vector<double>> values;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, values);
  }
};

void arguments(ygm::comm& world) {
  clear(world);
  const int next = next_of(world);
  world.async(
      next, [](Point p, const std::pair<int, Point>& q) { sum += p.x + q.second.y; }, Point{1, 2},
      std::pair(5, Point{3, 40}));
  world.async(
      next, [](const std::string& a, std::string b) { text = a + b; }, std::string("one "),
      std::string("two"));
  world.async(
      next, [](Named got) { sum += static_cast<long>(got.values.at(3).size()) * 100; },
      Named{"n", {{3, {1, 2, 3}}}});
  world.async(
      next, [](std::vector<int>&& taken) { sum += 1000 * taken.back(); },
      std::vector<int>{1, 2, 3});
  world.async(
      next,
      [](const std::vector<std::uint64_t>& large) {
        bool good = true;
        for (std::size_t i = 0; i < large.size(); ++i) good = good && large[i] == i;
        if (good) sum += 10'000;
      },
      [] {
        std::vector<std::uint64_t> large(300'000);
        for (std::size_t i = 0; i < large.size(); ++i) large[i] = i;
        return large;
      }());
  world.barrier();
  expect_equal(sum, 13'341L, "sum of all kinds");
  expect_equal(text, std::string("one two"), "text");
}

void pointers(ygm::comm& world) {
  long mine = 0;
  std::vector<std::string> notes;
  const auto number = world.make_ygm_ptr(mine);
  auto list = world.make_ygm_ptr(notes);
  expect(number.get_raw_pointer() == &mine, "raw pointer");
  for (int dest = 0; dest < world.size(); ++dest) {
    world.async(
        dest, [](ygm::ygm_ptr<long> to, long by) { *to += by; }, number, 3L);
    world.async(
        dest, [](auto to, const std::string& note) { to->push_back(note); }, list,
        std::to_string(world.rank()));
    world.async(
        dest, [](const std::pair<ygm::ygm_ptr<long>, int>& both) { *both.first += both.second; },
        std::pair(number, 100));
  }
  world.barrier();
  expect_equal(mine, 103L * world.size(), "number");
  expect_equal(notes.size(), static_cast<std::size_t>(world.size()), "notes");
}

/// Nothing is serialised, and so nothing allocated, for arguments that can be copied.
void no_memory_per_message(ygm::comm& world) {
  static std::uint64_t got = 0;
  got = 0;
  const auto pointer = world.make_ygm_ptr(got);
  world.barrier();
  const std::size_t before = allocations;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    world.async(
        next_of(world),
        [](auto to, std::uint64_t by, std::pair<int, Point> p) {
          *to += by + static_cast<std::uint64_t>(p.second.y);
        },
        pointer, std::uint64_t{1}, std::pair(1, Point{0, 2}));
  }
  world.barrier();
  expect(allocations - before < 1'000,
         "100,000 messages took " + std::to_string(allocations - before) + " allocations");
  expect_equal(got, std::uint64_t{300'000}, "sum");
}

// ---- destinations -----------------------------------------------------------------------------

void order_and_count(ygm::comm& world) {
  static std::vector<int> expected;
  static int wrong = 0;
  expected.assign(static_cast<std::size_t>(world.size()), 0);
  wrong = 0;
  world.cf_barrier();
  constexpr int count = 50'000;
  for (int i = 0; i < count; ++i) {
    for (int dest = 0; dest < world.size(); ++dest) {
      const auto take = [](int from, int number) {
        if (expected[static_cast<std::size_t>(from)]++ != number) ++wrong;
      };
      world.async(dest, take, world.rank(), i);
    }
  }
  world.barrier();
  expect_equal(wrong, 0, "messages out of order");
  for (const int each : expected) expect_equal(each, count, "messages from one rank");
}

void several_destinations(ygm::comm& world) {
  clear(world);
  if (world.rank0()) {
    world.async_bcast([](ygm::comm* here, int by) { sum += by + 10 * here->rank(); }, 1);
  }
  world.barrier();
  expect_equal(sum, 1L + 10 * world.rank(), "broadcast");
  clear(world);
  std::vector<int> dests;
  for (int dest = 0; dest < world.size(); dest += 2) dests.push_back(dest);
  dests.push_back(0);  // named twice: gets two
  world.async_mcast(
      dests, [](const std::string& by) { calls += static_cast<int>(by.size()); },
      std::string("abc"));
  world.barrier();
  const int times = world.rank() == 0 ? 2 : 1;
  expect_equal(calls, world.rank() % 2 == 0 ? 3 * times * world.size() : 0, "mcast");
}

void constant_communicators(ygm::comm& world) {
  clear(world);
  const ygm::comm& constant = world;
  constant.async(next_of(world), [] { ++calls; });
  constant.async_bcast([] { calls += 10; });
  constant.async_mcast({0}, [] { calls += 1000; });
  constant.barrier();
  expect_equal(calls, 1 + 10 * world.size() + (world.rank() == 0 ? 1000 * world.size() : 0),
               "calls through a const communicator");
}

void bad_destinations(ygm::comm& world) {
  for (const int dest : {-1, world.size(), 1 << 30}) {
    bool thrown = false;
    try {
      world.async(dest, [] { ++calls; });
    } catch (const std::runtime_error& error) {
      thrown = std::string(error.what()).find(std::to_string(dest)) != std::string::npos;
    }
    expect(thrown, "rank " + std::to_string(dest) + " is refused by name");
  }
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"functors", functors},
                                     {"the communicator comes first", the_communicator_comes_first},
                                     {"captures", captures},
                                     {"arguments", arguments},
                                     {"pointers", pointers},
                                     {"no memory per message", no_memory_per_message},
                                     {"order and count", order_and_count},
                                     {"several destinations", several_destinations},
                                     {"constant communicators", constant_communicators},
                                     {"bad destinations", bad_destinations}});
}
