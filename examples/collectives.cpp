// Values of all ranks, figures about messages, and messages that prefetch.
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace {

std::vector<std::uint64_t> table(std::size_t{1} << 20);

bool reduce(buddy::Comm& comm) {
  const int rank = comm.rank();
  const int size = comm.size();
  const int ranks = comm.all_reduce_sum(1);
  const double lowest = comm.all_reduce_min(rank + 0.5);
  const std::string all =  // any type, any associative function; operands in rank order
      comm.all_reduce(std::string(1, 'x'),
                      [](std::string a, const std::string& b) { return a + b; });
  std::vector<int> list;
  if (rank == 0) list = {1, 2, 3};
  comm.broadcast(list, 0);
  return ranks == size && lowest < 1 && all.size() == std::size_t(size) && list.size() == 3;
}

bool prefetch(buddy::Comm& comm) {
  const auto increment = buddy::with_prefetch([](std::uint64_t i) { ++table[i]; },
                                              [](std::uint64_t i) { return &table[i]; });
  const buddy::Stats before = comm.stats();
  std::uint64_t place = static_cast<std::uint64_t>(comm.rank());
  for (int i = 0; i < 10000; ++i) {
    place = place * 6364136223846793005u + 1442695040888963407u;
    comm.async(static_cast<int>((place >> 33) % std::uint64_t(comm.size())), increment,
               (place >> 13) % table.size());
  }
  comm.barrier();
  const buddy::Stats mine = comm.stats() - before;
  return mine.messages_sent == 10000 && mine.payload_bytes == 80000;
}

}  // namespace

int main(int argc, char** argv) {
  buddy::Comm comm(&argc, &argv);
  bool good = reduce(comm);
  good = prefetch(comm) && good;
  const buddy::Stats total = comm.stats_total();  // collective
  good = good && total.messages_sent == total.messages_handled;
  good = comm.all_reduce_min(good ? 1 : 0) == 1;
  if (comm.rank() == 0) {
    std::printf("%llu messages in %llu blocks\n",
                static_cast<unsigned long long>(total.messages_sent),
                static_cast<unsigned long long>(total.blocks_sent));
    std::printf("collectives: %s\n", good ? "ok" : "wrong");
  }
  return good ? 0 : 1;
}
