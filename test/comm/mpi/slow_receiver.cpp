// A receiver that falls behind costs time, not memory: 100 million messages to a slow rank, and
// rings, blocks and everything else that Buddy keeps in a rank stay within 16 MiB.
// ranks: 2
// variants: host host:2:ucx engine engine:2:shm engine:2:ucx shared dpu
// timeout: 300
#include <chrono>
#include <cstdint>
#include <thread>

#include "comm/mpi_check.hpp"
#include "comm/resident.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

std::uint64_t got = 0;
std::uint64_t sum = 0;

/// Sleeps now and then, for longer than it takes to fill all rings.
void handle(std::uint64_t value) {
  sum += value;
  if (++got % 8'000'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(60));
}

void flood(Comm& comm) {
  constexpr std::uint64_t count = 100'000'000;
  comm.control_barrier();
  if (comm.rank() == 0) {
    for (std::uint64_t i = 0; i < count; ++i) {
      comm.async(
          1, [](std::uint64_t value) { handle(value); }, i);
    }
  } else {
    // Does not look at all for a while.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  comm.barrier();
  if (comm.rank() == 1) {
    expect_equal(got, count, "messages");
    expect_equal(sum, count * (count - 1) / 2, "sum");
  }
  const buddy::Stats total = comm.stats_total();
  expect_equal(total.messages_handled, total.messages_sent, "messages counted");
}

/// Handlers that send to each other while one of them is slow.
void slow_chains(Comm& comm) {
  got = 0;
  comm.control_barrier();
  struct Bounce {
    void operator()(Comm& c, std::uint32_t left) const {
      if (++got % 50'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (left > 0) c.async(1 - c.rank(), Bounce(), left - 1);
    }
  };
  for (int i = 0; i < 20'000; ++i) comm.async(1 - comm.rank(), Bounce(), 19u);
  comm.barrier();
  expect_equal(comm.all_reduce_sum(got), 2u * 20'000u * 20u, "hops");
}

std::uint64_t reserved_bytes = 0;

void look_at_memory(Comm&) { reserved_bytes = buddy::test::reserved_shared_bytes(); }

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  buddy::test::use_mpi_a_little();
  buddy::test::Resident::reset_peak();
  const auto before = buddy::test::Resident::now();
  const int result = buddy::test::run_cases(
      argc, argv, {{"flood", flood}, {"slow chains", slow_chains}, {"memory", look_at_memory}},
      280);
  const bool bounded = buddy::test::grew_at_most(std::uint64_t{16} << 20, before, reserved_bytes);
  expect(bounded, "a rank stays within 16 MiB");
  MPI_Finalize();
  return bounded ? result : EXIT_FAILURE;
}
