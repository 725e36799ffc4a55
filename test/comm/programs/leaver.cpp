// Pairs of ranks make communicators of their own again and again and leave them at moments that
// have nothing to do with each other, so that engines take leave of several at the same time.
// usage: leaver ROUNDS
#include <unistd.h>

#include <algorithm>
#include <buddy/buddy.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

std::uint64_t received = 0;

/// The same on all ranks: who is with whom in this round.
std::vector<int> random_colours(buddy::test::Random& random, int ranks) {
  std::vector<int> order(static_cast<std::size_t>(ranks));
  std::iota(order.begin(), order.end(), 0);
  for (int i = ranks - 1; i > 0; --i) {
    std::swap(order[static_cast<std::size_t>(i)],
              order[static_cast<std::size_t>(random.below(i + 1))]);
  }
  std::vector<int> colours(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    colours[static_cast<std::size_t>(order[i])] = static_cast<int>(i / 2);
  }
  return colours;
}

void send_around(buddy::Comm& comm) {
  for (int dest = 0; dest < comm.size(); ++dest) comm.async(dest, [] { ++received; });
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 100;
  buddy::test::limit_time(250);
  buddy::Comm comm(&argc, &argv);
  buddy::test::progress.rank = comm.rank();
  const std::uint64_t seed = buddy::test::choose_seed(comm);
  buddy::test::Random same(seed);
  buddy::test::Random own(seed + 1 + static_cast<std::uint64_t>(comm.rank()));
  for (int round = 0; round < rounds; ++round) {
    buddy::test::announce("pairs");
    const int colour = random_colours(same, comm.size())[static_cast<std::size_t>(comm.rank())];
    MPI_Comm pair = MPI_COMM_NULL;
    MPI_Comm_split(comm.mpi_comm(), colour, comm.rank(), &pair);
    {
      auto first = std::make_unique<buddy::Comm>(pair);
      auto second = std::make_unique<buddy::Comm>(pair);
      send_around(*first);
      send_around(*second);
      send_around(comm);  // it has to keep going, too
      ::usleep(static_cast<useconds_t>(own.below(3000)));
      if (colour % 2 == 0) std::swap(first, second);
      first.reset();
      ::usleep(static_cast<useconds_t>(own.below(3000)));
    }
    MPI_Comm_free(&pair);
    if (round % 10 == 9) comm.barrier();
  }
  comm.barrier();
  const std::uint64_t all = comm.all_reduce_sum(received);
  if (comm.rank() == 0) std::printf("%llu messages\n", static_cast<unsigned long long>(all));
  return 0;
}
