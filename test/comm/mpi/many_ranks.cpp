// 64 ranks on one machine start, talk, and end, and no rank takes more than 64 MiB for it.
// ranks: 64
// variants: host engine engine:4:shm:2
// timeout: 300
#include <cstdint>
#include <string>

#include "comm/mpi_check.hpp"
#include "comm/resident.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

std::uint64_t sum = 0;
int calls = 0;

void everybody_to_everybody(Comm& comm) {
  sum = 0;
  comm.control_barrier();
  constexpr std::uint64_t rounds = 300;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      comm.async(
          dest, [](std::uint64_t value) { sum += value; }, i);
    }
  }
  comm.barrier();
  expect_equal(sum, static_cast<std::uint64_t>(comm.size()) * rounds * (rounds - 1) / 2, "sum");
}

void large_to_next(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.async((comm.rank() + 1) % comm.size(),
             [](const std::string& text) { calls += text == std::string(500'000, 'l') ? 1 : 0; },
             std::string(500'000, 'l'));
  comm.barrier();
  expect_equal(calls, 1, "large messages");
}

void chain_through_all(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  struct Hop {
    void operator()(Comm& c, int left) const {
      ++calls;
      if (left > 0) c.async((c.rank() + 1) % c.size(), Hop(), left - 1);
    }
  };
  if (comm.rank() == 0) comm.async(1 % comm.size(), Hop(), 3 * comm.size());
  comm.barrier();
  expect_equal(comm.all_reduce_sum(calls), 3 * comm.size() + 1, "hops");
}

void barriers(Comm& comm) {
  for (int i = 0; i < 20; ++i) comm.barrier();
}

std::uint64_t reserved_bytes = 0;

void look_at_memory(Comm&) { reserved_bytes = buddy::test::reserved_shared_bytes(); }

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  buddy::test::use_mpi_a_little();
  buddy::test::Resident::reset_peak();
  const auto before = buddy::test::Resident::now();
  const int result = buddy::test::run_cases(argc, argv,
                                            {{"everybody to everybody", everybody_to_everybody},
                                             {"large to next", large_to_next},
                                             {"chain through all", chain_through_all},
                                             {"barriers", barriers},
                                             {"memory", look_at_memory}},
                                            280);
  const bool bounded = buddy::test::grew_at_most(std::uint64_t{64} << 20, before, reserved_bytes);
  expect(bounded, "a rank stays within 64 MiB");
  MPI_Finalize();
  return bounded ? result : EXIT_FAILURE;
}
