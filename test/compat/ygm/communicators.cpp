// Several communicators at once, parts of the job, beginning and end.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm shared dpu
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

/// Handlers get the communicator of their message, whatever else is alive.
void each_its_own(ygm::comm& world) {
  static std::vector<const ygm::comm*> seen;
  seen.clear();
  ygm::comm second(MPI_COMM_WORLD);
  ygm::comm third(world.get_mpi_comm());
  ygm::comm alone(MPI_COMM_SELF);
  expect_equal(second.size(), world.size(), "size of the second");
  expect_equal(alone.size(), 1, "size of the one alone");
  const auto note = [](const ygm::comm* here) { seen.push_back(here); };
  for (ygm::comm* each : {&third, &world, &alone, &second}) {
    each->async(each->rank(), note);
    each->barrier();
    expect(seen.back() == each, "the communicator of the message");
  }
  expect_equal(seen.size(), std::size_t{4}, "messages");
}

/// One communicator is in its barrier here while the other is sent more than the rings take.
void load_on_the_other(ygm::comm& world) {
  static std::uint64_t got = 0;
  got = 0;
  ygm::comm other(MPI_COMM_WORLD);
  constexpr std::uint64_t count = 300'000;
  for (int sender = 0; sender < world.size(); ++sender) {
    if (world.rank() == sender) {
      for (std::uint64_t i = 0; i < count; ++i) {
        const int dest = static_cast<int>(i % static_cast<std::uint64_t>(world.size()));
        other.async(
            dest, [](std::uint64_t by) { got += by; }, std::uint64_t{1});
      }
    }
    world.barrier();
    const int ranks = world.all_reduce_sum(1);  // and in MPI
    expect_equal(ranks, world.size(), "ranks");
  }
  other.barrier();
  expect_equal(world.all_reduce_sum(got), count * static_cast<std::uint64_t>(world.size()),
               "messages of the other");
}

int depth = 0;
int deepest = 0;
long calls = 0;
ygm::comm* partner = nullptr;

struct Scope {
  Scope() {
    ++calls;
    if (++depth > deepest) deepest = depth;
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() { --depth; }
};

/// Handlers of one communicator that send much through another do not run its handlers inside.
void no_nesting_across(ygm::comm& world) {
  depth = deepest = 0;
  calls = 0;
  ygm::comm other(MPI_COMM_WORLD);
  partner = &other;
  world.barrier();
  constexpr int fan_out = 20'000;
  for (int i = 0; i < 5; ++i) {
    world.async_bcast([](ygm::comm* here) {
      const Scope scope;
      for (int k = 0; k < fan_out; ++k) {
        partner->async(
            k % here->size(), [](std::uint64_t) { const Scope inner; }, std::uint64_t{1});
      }
      partner->local_progress();
    });
  }
  world.barrier();
  other.barrier();
  expect_equal(deepest, 1, "deepest nesting");
  expect_equal(world.all_reduce_sum(calls), 5L * world.size() * world.size() * (fan_out + 1),
               "handlers");
}

void parts(ygm::comm& world) {
  static long sum = 0;
  for (int colours = 1; colours <= world.size(); ++colours) {
    MPI_Comm raw = MPI_COMM_NULL;
    // Ranks in reverse, so that numbers differ between the communicators.
    MPI_Comm_split(MPI_COMM_WORLD, world.rank() % colours, -world.rank(), &raw);
    {
      ygm::comm part(raw);
      sum = 0;
      part.cf_barrier();
      part.async_bcast([](ygm::comm* here, int from) { sum += from + 100 * here->rank(); },
                       part.rank());
      part.barrier();
      const long n = part.size();
      expect_equal(sum, n * (n - 1) / 2 + 100L * part.rank() * n, "sum within the part");
      expect_equal(part.all_reduce_max(world.rank()) % colours, world.rank() % colours, "colour");
      world.async(0, [] {});
      world.barrier();
    }
    MPI_Comm_free(&raw);
  }
}

void many_in_turn(ygm::comm& world) {
  static int got = 0;
  for (int i = 0; i < 20; ++i) {
    got = 0;
    world.cf_barrier();
    {
      ygm::comm again(MPI_COMM_WORLD);
      again.async((again.rank() + 1) % again.size(), [] { ++got; });
    }  // the destructor is a barrier
    expect_equal(got, 1, "messages when the communicator has gone");
  }
}

/// Nobody waits for a communicator that an exception destroys.
void unwinding(ygm::comm&) {
  bool caught = false;
  try {
    const ygm::comm alone(MPI_COMM_SELF);
    throw std::runtime_error("on the way out");
  } catch (const std::runtime_error&) {
    caught = true;
  }
  expect(caught, "the exception comes through");
}

void derived_data(ygm::comm& world) {
  expect(world.buddy_comm().size() == world.size(), "Buddy's communicator behind it");
  expect_equal(world.rank0(), world.rank() == 0, "rank0()");
  int result = MPI_UNEQUAL;
  MPI_Comm_compare(world.get_mpi_comm(), MPI_COMM_WORLD, &result);
  expect_equal(result, MPI_CONGRUENT, "a duplicate of the world");
}

}  // namespace

int main(int argc, char** argv) {
  bool refused = false;
  try {
    const ygm::comm too_early(MPI_COMM_WORLD);
  } catch (const std::runtime_error& error) {
    refused = std::string(error.what()).find("MPI_Init") != std::string::npos;
  }
  expect(refused, "a communicator of MPI before MPI_Init is refused");
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"each its own", each_its_own},
                                     {"load on the other", load_on_the_other},
                                     {"no nesting across", no_nesting_across},
                                     {"parts", parts},
                                     {"many in turn", many_in_turn},
                                     {"unwinding", unwinding},
                                     {"derived data", derived_data}});
}
