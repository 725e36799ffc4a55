// What a YGM program feels: messages per second, memory, an empty barrier, a message and its reply.
// Plain YGM, so that the same source built with YGM's own headers measures YGM.
// usage: bench-ygm-rate [messages per rank and size [log2 of table entries per rank]]
// smoke: 20000 14
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>
#include <ygm/comm.hpp>

namespace {

#ifdef BUDDY_YGM
constexpr const char* implementation = "Buddy";
#else
constexpr const char* implementation = "YGM";
#endif

std::vector<std::uint64_t> table;  // this rank's part
std::uint64_t replies = 0;

/// An increment of so many bytes. Those between stand for what a real program would send along.
template <std::size_t bytes>
struct Update {
  std::uint64_t entry;
  std::array<std::uint64_t, bytes / 8 - 2> filler;
  std::uint64_t amount;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::binary_data(this, sizeof *this));
  }
};
template <>
struct Update<16> {
  std::uint64_t entry;
  std::uint64_t amount;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::binary_data(this, sizeof *this));
  }
};
static_assert(sizeof(Update<16>) == 16 && sizeof(Update<64>) == 64);

/// splitmix64: the same targets whoever carries the messages.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

struct Plan {
  std::uint64_t messages;
  std::uint64_t log2_table;
};

template <class Send>
double rate_msgs_per_s(ygm::comm& world, const Plan& plan, Send send) {
  std::fill(table.begin(), table.end(), 0);
  Random random(static_cast<std::uint64_t>(world.rank()) + 1);
  const auto ranks = static_cast<std::uint64_t>(world.size());
  const std::uint64_t mask = (std::uint64_t{1} << plan.log2_table) - 1;
  world.barrier();
  const double start = MPI_Wtime();
  for (std::uint64_t i = 0; i < plan.messages; ++i) {
    const std::uint64_t bits = random();
    // The rank from the upper half, the entry from the lower: no division.
    send(static_cast<int>((bits >> 32) * ranks >> 32), bits & mask);
  }
  world.barrier();
  const double seconds = world.all_reduce_max(MPI_Wtime() - start);
  std::uint64_t sum = 0;
  for (const std::uint64_t entry : table) sum += entry;
  if (world.all_reduce_sum(sum) != plan.messages * ranks) {
    world.cout0("WRONG: increments were lost or repeated");
    std::exit(EXIT_FAILURE);
  }
  return static_cast<double>(plan.messages) / seconds;
}

double rate_of_8(ygm::comm& world, const Plan& plan) {
  return rate_msgs_per_s(world, plan, [&world](int dest, std::uint64_t entry) {
    world.async(
        dest, [](std::uint64_t at) { ++table[at]; }, entry);
  });
}

template <std::size_t bytes>
double rate_of(ygm::comm& world, const Plan& plan) {
  return rate_msgs_per_s(world, plan, [&world](int dest, std::uint64_t entry) {
    Update<bytes> update{};
    update.entry = entry;
    update.amount = 1;
    world.async(
        dest, [](const Update<bytes>& got) { table[got.entry] += got.amount; }, update);
  });
}

double barrier_s(ygm::comm& world, std::uint64_t rounds) {
  world.barrier();
  const double start = MPI_Wtime();
  for (std::uint64_t i = 0; i < rounds; ++i) world.barrier();
  return world.all_reduce_max(MPI_Wtime() - start) / static_cast<double>(rounds);
}

/// Rank 0 asks the last rank and waits for the reply.
double round_trip_s(ygm::comm& world, std::uint64_t rounds) {
  world.barrier();
  const double start = MPI_Wtime();
  if (world.rank() == 0) {
    for (std::uint64_t i = 1; i <= rounds; ++i) {
      world.async(world.size() - 1, [](auto* there) { there->async(0, [] { ++replies; }); });
      world.local_wait_until([i] { return replies >= i; });
    }
  }
  const double seconds = MPI_Wtime() - start;
  world.barrier();
  return world.mpi_bcast(seconds, 0) / static_cast<double>(rounds);
}

double memory_mib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kib = 0;
  while (status >> word) {
    if (word == field + ":") status >> kib;
  }
  return kib / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  ygm::comm world(&argc, &argv);
  const Plan plan{argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000,
                  argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20};
  if (plan.messages == 0 || plan.log2_table > 32) {
    world.cerr0("bad arguments (messages from 1, log2 of the table up to 32) see the source");
    return EXIT_FAILURE;
  }
  table.resize(std::size_t{1} << plan.log2_table);
  const double barrier_us = barrier_s(world, 10'000) * 1e6;
  const double round_trip_us = round_trip_s(world, 10'000) * 1e6;
  const double rate_8 = rate_of_8(world, plan) * 1e-6;
  const double rate_16 = rate_of<16>(world, plan) * 1e-6;
  const double rate_64 = rate_of<64>(world, plan) * 1e-6;
  const double table_mib = static_cast<double>(table.size() * sizeof(std::uint64_t)) / (1 << 20);
  const double peak_mib = world.all_reduce_max(memory_mib("VmHWM"));
  const double virtual_mib = world.all_reduce_max(memory_mib("VmPeak"));
  if (world.rank() == 0) {
    std::printf(
        "%s, %d ranks, %llu messages per rank and size, tables of 2^%llu entries (%.0f MiB)\n"
        "M messages/s/rank: 8 bytes %.1f, 16 bytes %.1f, 64 bytes %.1f\n"
        "empty barrier %.2f us, message and reply %.2f us\n"
        "memory of the largest rank: peak %.1f MiB, virtual %.0f MiB\n",
        implementation, world.size(), static_cast<unsigned long long>(plan.messages),
        static_cast<unsigned long long>(plan.log2_table), table_mib, rate_8, rate_16, rate_64,
        barrier_us, round_trip_us, peak_mib, virtual_mib);
  }
  return EXIT_SUCCESS;
}
