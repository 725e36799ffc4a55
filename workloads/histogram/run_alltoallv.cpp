#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include "common/bulk_exchange.hpp"
#include "common/program.hpp"
#include "common/rounds.hpp"
#include "histogram/run.hpp"

namespace workloads::histogram {
namespace {

// The best on two cores: shorter rounds wait more, longer ones leave the core's own cache.
constexpr std::size_t updates_per_round = 8192;
constexpr std::size_t bytes_per_round = std::size_t{512} << 10;
constexpr std::size_t prefetch_ahead = 64;

/// The size of an update known to the compiler, so that copying it is a few instructions.
template <std::size_t bytes>
using FixedSize = std::integral_constant<std::size_t, bytes>;

struct AnySize {
  std::size_t bytes;
  std::size_t operator()() const noexcept { return bytes; }
};

std::uint64_t load(const std::byte* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <class Size>
void apply_one(const std::byte* update, TableEntry* table, Size size) noexcept {
  const std::uint64_t amount = size() >= 16 ? load(update + size() - 8) : 1;
  table[load(update)] += amount;
}

template <class Size>
void apply(std::span<const std::byte> received, TableEntry* table, Size size, bool prefetch) {
  const std::size_t count = received.size() / size();
  const std::size_t prefetched = prefetch && count > prefetch_ahead ? count - prefetch_ahead : 0;
  const std::byte* update = received.data();
  for (std::size_t i = 0; i < prefetched; ++i, update += size()) {
    __builtin_prefetch(&table[load(update + prefetch_ahead * size())], 1);
    apply_one(update, table, size);
  }
  for (std::size_t i = prefetched; i < count; ++i, update += size()) {
    apply_one(update, table, size);
  }
}

/// What the updates of one round change.
struct Receiver {
  std::span<TableEntry> table;
  Work& work;
};

template <class Size>
void exchange_updates(BulkExchange& exchange, TargetStream targets, const Options& options,
                      const Receiver& receiver, Size size) {
  std::vector<std::byte> update(size());
  if (const std::uint64_t amount = 1; size() >= 16) {
    std::memcpy(update.data() + size() - 8, &amount, sizeof amount);
  }
  // Every rank has the same number of updates, hence of rounds.
  for (std::uint64_t left = options.updates; left > 0;) {
    const auto count = std::min<std::uint64_t>(left, exchange.chunk_items());
    for (std::uint64_t k = 0; k < count; ++k) {
      const Target target = targets.next();
      std::byte* item = exchange.add(static_cast<int>(target.rank));
      std::memcpy(item, &target.index, 8);
      std::memcpy(item + 8, update.data() + 8, size() - 8);
    }
    const std::span<const std::byte> received = exchange.exchange();
    apply(received, receiver.table.data(), size, options.prefetch);
    if (options.work.units > 0) {
      for (std::size_t i = 0; i < received.size() / size(); ++i) receiver.work(i);
    }
    left -= count;
  }
}

void run_exchanges(BulkExchange& exchange, const TargetStream& targets, const Options& options,
                   const Receiver& receiver) {
  const auto run = [&](auto size) { exchange_updates(exchange, targets, options, receiver, size); };
  switch (options.payload_bytes) {
    case 8: return run(FixedSize<8>{});
    case 16: return run(FixedSize<16>{});
    case 32: return run(FixedSize<32>{});
    case 64: return run(FixedSize<64>{});
    case 128: return run(FixedSize<128>{});
    case 256: return run(FixedSize<256>{});
    case 512: return run(FixedSize<512>{});
    case 1024: return run(FixedSize<1024>{});
    default: return run(AnySize{static_cast<std::size_t>(options.payload_bytes)});
  }
}

}  // namespace

RunResult run_alltoallv(MPI_Comm comm, const Options& options, std::span<TableEntry> table,
                        Work& work) {
  const auto ranks = static_cast<std::uint64_t>(comm_size(comm));
  const TargetStream targets({ranks, options.table, options.seed},
                             static_cast<std::uint64_t>(comm_rank(comm)));
  const auto item_bytes = static_cast<std::size_t>(options.payload_bytes);
  BulkExchange exchange(comm, item_bytes,
                        std::min(updates_per_round, bytes_per_round / item_bytes + 1));
  RunResult result = timed_rounds(
      comm, options.rounds, [] {},
      [&] {
        run_exchanges(exchange, targets, options, {table, work});
        MPI_Barrier(comm);
      });
  result.messages = options.rounds * ranks * options.updates;
  result.payload_bytes = result.messages * options.payload_bytes;
  return result;
}

}  // namespace workloads::histogram
