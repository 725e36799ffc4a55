// Sends messages of mixed sizes from every rank to every rank: most of some bytes, some of pages, a
// few of many blocks. Every receiver knows what must come from each source, in order.
// usage: mixed_sizes MESSAGES [SEED]    MESSAGES: of all ranks together
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::Random;

/// What one rank sends to another one: sizes and first bytes, drawn from one seed by both of them.
class Stream {
 public:
  Stream(std::uint64_t seed, int source, int dest)
      : random_(seed + 1'000'003u * static_cast<std::uint64_t>(source) +
                static_cast<std::uint64_t>(dest)) {}

  const std::string& next() {
    const int kind = random_.below(10'000);
    const int limit = kind == 0 ? 200'000 : kind < 50 ? 9'000 : kind < 2'000 ? 300 : 40;
    text_.resize(static_cast<std::size_t>(random_.below(limit)));
    std::uint64_t value = random_();
    for (char& byte : text_) {
      byte = static_cast<char>(value >> 56);
      value = value * 6364136223846793005u + 1;
    }
    return text_;
  }

 private:
  Random random_;
  std::string text_;
};

std::vector<Stream> expected;  ///< by source
std::uint64_t received = 0;
std::uint64_t received_bytes = 0;
std::uint64_t wrong = 0;

void take(int source, const std::string& got) {
  ++received;
  received_bytes += got.size();
  wrong += static_cast<std::uint64_t>(got != expected.at(static_cast<std::size_t>(source)).next());
}

std::uint64_t number_argument(const char* text) { return std::strtoull(text, nullptr, 10); }

int run(Comm& comm, std::uint64_t messages, std::uint64_t seed) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const std::uint64_t rounds = messages / (ranks * ranks);
  std::vector<Stream> streams;
  for (int other = 0; other < comm.size(); ++other) {
    expected.emplace_back(seed, other, comm.rank());
    streams.emplace_back(seed, comm.rank(), other);
  }
  comm.barrier();  // all know what to expect
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      comm.async(dest, take, comm.rank(), streams[static_cast<std::size_t>(dest)].next());
    }
  }
  comm.barrier();
  const std::uint64_t missing = rounds * ranks - received;
  const std::uint64_t all_wrong = comm.all_reduce_sum(wrong);
  const std::uint64_t all_missing = comm.all_reduce_sum(missing);
  const std::uint64_t bytes = comm.all_reduce_sum(received_bytes);
  if (comm.rank() == 0) {
    std::printf("%llu messages of %llu bytes, seed %llu: %llu wrong, %llu missing\n",
                static_cast<unsigned long long>(rounds * ranks * ranks),
                static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(all_wrong),
                static_cast<unsigned long long>(all_missing));
  }
  return all_wrong == 0 && all_missing == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: mixed_sizes MESSAGES [SEED]\n");
    return 2;
  }
  try {
    Comm comm(&argc, &argv);
    return run(comm, number_argument(argv[1]), argc > 2 ? number_argument(argv[2]) : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
}
