#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "common/bulk_exchange.hpp"
#include "common/program.hpp"
#include "common/rounds.hpp"
#include "indexgather/run.hpp"

namespace workloads::indexgather {
namespace {

constexpr std::size_t requests_per_exchange = 8192;
constexpr std::size_t prefetch_ahead = 64;

struct Request {
  std::uint32_t index;
  std::uint32_t slot;
  int asker;
};

struct Reply {
  std::uint32_t slot;
  std::uint32_t low;  ///< halves, so that a reply has 12 bytes, as one of Buddy has
  std::uint32_t high;
};

template <class Item>
Item load(std::span<const std::byte> items, std::size_t i) noexcept {
  Item item;
  std::memcpy(&item, items.data() + i * sizeof item, sizeof item);
  return item;
}

template <class Item>
void add(BulkExchange& exchange, int destination, const Item& item) noexcept {
  std::memcpy(exchange.add(destination), &item, sizeof item);
}

/// One exchange: some requests of every rank, exchanged, and their replies, exchanged.
/// A rank may get the requests of all ranks, so that its replies need room for as many.
class RequestExchange {
 public:
  RequestExchange(MPI_Comm comm, const Options& options, const Memory& memory, Work& work)
      : options_(options),
        memory_(memory),
        work_(work),
        requests_(comm, sizeof(Request), requests_per_exchange),
        replies_(comm, sizeof(Reply),
                 requests_per_exchange * static_cast<std::size_t>(comm_size(comm))),
        chunk_(std::min(requests_.chunk_items(),
                        replies_.chunk_items() / static_cast<std::size_t>(comm_size(comm)))) {
    if (chunk_ == 0) throw std::length_error("too many ranks for this method");
  }

  /// Requests that a rank may add to an exchange.
  std::size_t chunk() const noexcept { return chunk_; }
  void ask(int owner, const Request& request) noexcept { add(requests_, owner, request); }

  /// Collective.
  void finish() {
    answer(requests_.exchange());
    const std::span<const std::byte> received = replies_.exchange();
    for (std::size_t i = 0; i < received.size() / sizeof(Reply); ++i) {
      const auto reply = load<Reply>(received, i);
      memory_.answers[reply.slot] = std::uint64_t{reply.high} << 32U | reply.low;
      work_(reply.slot);
    }
  }

 private:
  void answer(std::span<const std::byte> received) {
    const std::size_t count = received.size() / sizeof(Request);
    for (std::size_t i = 0; i < count; ++i) {
      if (options_.prefetch && i + prefetch_ahead < count) {
        __builtin_prefetch(&memory_.table[load<Request>(received, i + prefetch_ahead).index]);
      }
      const auto request = load<Request>(received, i);
      work_(request.index);
      const std::uint64_t value = memory_.table[request.index];
      add(replies_, request.asker,
          Reply{request.slot, static_cast<std::uint32_t>(value),
                static_cast<std::uint32_t>(value >> 32U)});
    }
  }

  const Options& options_;
  const Memory& memory_;
  Work& work_;
  BulkExchange requests_;
  BulkExchange replies_;
  std::size_t chunk_;
};

void run_exchanges(MPI_Comm comm, const Options& options, RequestExchange& exchange) {
  const BlockDistribution blocks(options.table, comm_size(comm));
  const Share share = Share::of(options.requests, comm_rank(comm), comm_size(comm));
  const std::uint64_t most = Share::of(options.requests, 0, comm_size(comm)).count;
  IndexStream indices(options, share.first);
  std::uint64_t asked = 0;
  for (std::uint64_t begun = 0; begun < most; begun += exchange.chunk()) {
    const std::uint64_t end = std::min<std::uint64_t>(share.count, begun + exchange.chunk());
    for (; asked < end; ++asked) {
      const std::uint32_t index = indices.next();
      const int owner = blocks.owner(index);
      exchange.ask(
          owner, {blocks.local(index, owner), static_cast<std::uint32_t>(asked), comm_rank(comm)});
    }
    exchange.finish();
  }
}

}  // namespace

RunResult run_alltoallv(MPI_Comm comm, const Options& options, const Memory& memory, Work& work) {
  RequestExchange exchange(comm, options, memory, work);
  RunResult result = timed_rounds(
      comm, options.rounds, [&] { std::fill(memory.answers.begin(), memory.answers.end(), 0); },
      [&] {
        run_exchanges(comm, options, exchange);
        MPI_Barrier(comm);
      });
  result.messages = 2 * options.requests * options.rounds;
  result.payload_bytes = options.rounds * options.requests * (sizeof(Request) + sizeof(Reply));
  return result;
}

}  // namespace workloads::indexgather
