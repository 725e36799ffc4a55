// A program that tells `buddy profile` which part of it matters.
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

std::vector<std::uint64_t> table(1000);  // this rank's part

int main(int argc, char** argv) {
  buddy::Comm comm(&argc, &argv);
  const auto increment = [](std::uint64_t i) { ++table[i]; };
  {
    const buddy::Region region(comm);  // to be reported: the messages and their barrier
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      comm.async(int(i % std::uint64_t(comm.size())), increment, i % table.size());
    }
    comm.barrier();
  }
  std::uint64_t sum = 0;  // checking the answer is not
  for (const std::uint64_t entry : table) sum += entry;
  const std::uint64_t all = comm.all_reduce_sum(sum);
  if (comm.rank() == 0) std::printf("%llu increments\n", static_cast<unsigned long long>(all));
  return all == 100'000 * std::uint64_t(comm.size()) ? EXIT_SUCCESS : EXIT_FAILURE;
}
