// Reductions and values by MPI, also while others send more than the rings take.
// ranks: 1 2 4 5
// variants: host engine engine:2:shm shared dpu
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

void reductions(ygm::comm& world) {
  const int n = world.size();
  const ygm::comm& constant = world;
  expect_equal(constant.all_reduce_sum(world.rank() + 1), n * (n + 1) / 2, "sum");
  expect_equal(constant.all_reduce_min(world.rank() + 0.5), 0.5, "least");
  expect_equal(constant.all_reduce_max(std::size_t(world.rank())), std::size_t(n - 1), "most");
  expect_equal(world.all_reduce_sum(1.5f), 1.5f * static_cast<float>(n), "sum of floats");
  expect_equal(world.all_reduce_max(world.rank() == n - 1), true, "any");
}

std::string tree(int rank, int size) {
  if (rank >= size) return "";
  const std::string left = tree(2 * rank + 1, size);
  const std::string right = tree(2 * rank + 2, size);
  return std::string(1, static_cast<char>('a' + rank)) + left + right;
}

/// Merged along the tree, which a function that is not commutative shows.
void any_function(ygm::comm& world) {
  const std::string mine(1, static_cast<char>('a' + world.rank()));
  const auto join = [](const std::string& a, const std::string& b) { return a + b; };
  expect_equal(world.all_reduce(mine, join), tree(0, world.size()), "joined along the tree");
  using Counts = std::map<std::string, int>;
  const Counts counts =
      world.all_reduce(Counts{{mine, 1}, {"all", 1}}, [](Counts a, const Counts& b) {
        for (const auto& [key, count] : b) a[key] += count;
        return a;
      });
  expect_equal(counts.size(), static_cast<std::size_t>(world.size()) + 1, "keys");
  expect_equal(counts.at("all"), world.size(), "merged count");
  struct Extent {
    int least;
    int most;
  };
  const Extent extent =
      world.all_reduce(Extent{world.rank(), world.rank()}, [](const Extent& a, const Extent& b) {
        return Extent{std::min(a.least, b.least), std::max(a.most, b.most)};
      });
  expect(extent.least == 0 && extent.most == world.size() - 1, "extent");
}

void values_between_ranks(ygm::comm& world) {
  const std::map<int, std::string> map{{world.rank(), "from"}, {-1, std::string(100'000, 'x')}};
  for (int root = 0; root < world.size(); ++root) {
    const auto got = world.mpi_bcast(map, root);
    expect(got.contains(root) && got.at(-1).size() == 100'000, "broadcast of a map");
    expect_equal(world.mpi_bcast(world.rank() * 10, root, world.get_mpi_comm()), root * 10,
                 "broadcast through a communicator");
  }
  if (world.rank0()) {
    for (int from = 1; from < world.size(); ++from) {
      expect_equal(world.mpi_recv<std::string>(from, 1), "tag one", "first tag");
      const auto list = world.mpi_recv<std::vector<int>>(from, 2, world.get_mpi_comm());
      expect_equal(list.size(), std::size_t{50'000}, "a list");
      expect_equal(list.back(), from, "its last number");
    }
  } else {
    world.mpi_send(std::string("tag one"), 0, 1);
    world.mpi_send(std::vector<int>(50'000, world.rank()), 0, 2, world.get_mpi_comm());
  }
}

/// From any source: size and value come from the same sender.
void wildcards(ygm::comm& world) {
  if (world.rank0()) {
    int sum = 0;
    for (int i = 1; i < world.size(); ++i) {
      const auto list = world.mpi_recv<std::vector<int>>(MPI_ANY_SOURCE, 9);
      expect_equal(list.size(), static_cast<std::size_t>(list.front()), "size sent along");
      sum += list.front();
    }
    expect_equal(sum, world.size() * (world.size() - 1) / 2, "everybody was heard once");
  } else {
    world.mpi_send(std::vector<int>(static_cast<std::size_t>(world.rank()), world.rank()), 0, 9);
  }
}

// ---- while others send --------------------------------------------------------------------------

std::uint64_t got = 0;

/// Rank 0 waits by MPI for what the others send only after messages that the rings do not take.
template <class Wait, class Join>
void while_others_send(ygm::comm& world, Wait wait, Join join) {
  constexpr std::uint64_t count = 300'000;
  world.barrier();
  got = 0;
  world.cf_barrier();
  if (world.rank0()) {
    wait();
    expect_equal(got, std::uint64_t{0}, "handlers inside the wait");
  } else {
    for (std::uint64_t i = 0; i < count; ++i)
      world.async(
          0, [](std::uint64_t by) { got += by; }, std::uint64_t{1});
    join();
  }
  world.barrier();
  if (world.rank0()) {
    expect_equal(got, count * static_cast<std::uint64_t>(world.size() - 1), "messages");
  }
}

void receiving_while_others_send(ygm::comm& world) {
  while_others_send(
      world,
      [&] {
        for (int from = 1; from < world.size(); ++from) {
          expect_equal(world.mpi_recv<int>(from, 3), from, "number");
        }
      },
      [&] { world.mpi_send(world.rank(), 0, 3); });
}

void broadcast_while_others_send(ygm::comm& world) {
  const auto both = [&] {
    const int root = world.size() - 1;
    expect_equal(world.mpi_bcast(world.rank(), root), root, "number");
  };
  while_others_send(world, both, both);
}

void reduction_while_others_send(ygm::comm& world) {
  const auto both = [&] { expect_equal(world.all_reduce_sum(1), world.size(), "ranks"); };
  while_others_send(world, both, both);
}

void tree_while_others_send(ygm::comm& world) {
  const auto both = [&] {
    const auto add = [](int a, int b) { return a + b; };
    expect_equal(world.all_reduce(1, add), world.size(), "ranks");
  };
  while_others_send(world, both, both);
}

/// MPI calls of the program itself, right after a barrier: nobody needs this rank's progress.
void plain_mpi_after_a_barrier(ygm::comm& world) {
  for (int i = 0; i < 500; ++i) {
    world.async((world.rank() + i) % world.size(), [] {});
    world.barrier();
    int sum = 0;
    const int one = 1;
    MPI_Allreduce(&one, &sum, 1, MPI_INT, MPI_SUM, world.get_mpi_comm());
    expect_equal(sum, world.size(), "ranks");
  }
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"reductions", reductions},
                                     {"any function", any_function},
                                     {"values between ranks", values_between_ranks},
                                     {"wildcards", wildcards},
                                     {"receiving while others send", receiving_while_others_send},
                                     {"broadcast while others send", broadcast_while_others_send},
                                     {"reduction while others send", reduction_while_others_send},
                                     {"tree while others send", tree_while_others_send},
                                     {"plain MPI after a barrier", plain_mpi_after_a_barrier}});
}
