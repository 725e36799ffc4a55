#include <algorithm>

#include "common/rounds.hpp"
#include "indexgather/run.hpp"

namespace workloads::indexgather {
namespace {

/// What handlers find here: naming it in every message would make messages longer.
struct State {
  const std::uint64_t* table = nullptr;
  std::uint64_t* answers = nullptr;
  Work* work = nullptr;
};
State here;

/// The answer on its way back: 12 bytes.
struct Reply {
  void operator()(std::uint32_t slot, std::uint64_t value) const noexcept {
    here.answers[slot] = value;
    (*here.work)(slot);
  }
};

/// Entry of the receiver's block, the asker's place for the answer, and the asker: 12 bytes.
struct Request {
  void operator()(buddy::Comm& comm, std::uint32_t index, std::uint32_t slot, int asker) const {
    (*here.work)(index);
    comm.async(asker, Reply{}, slot, here.table[index]);
  }
};

struct PrefetchEntry {
  const void* operator()(std::uint32_t index, std::uint32_t /*slot*/,
                         int /*asker*/) const noexcept {
    return &here.table[index];
  }
};

template <class Handler>
void send_requests(buddy::Comm& comm, const Options& options, Handler request) {
  const BlockDistribution blocks(options.table, comm.size());
  const Share share = Share::of(options.requests, comm.rank(), comm.size());
  IndexStream indices(options, share.first);
  for (std::uint64_t k = 0; k < share.count; ++k) {
    const std::uint32_t index = indices.next();
    const int owner = blocks.owner(index);
    comm.async(owner, request, blocks.local(index, owner), static_cast<std::uint32_t>(k),
               comm.rank());
  }
}

}  // namespace

RunResult run_buddy(buddy::Comm& comm, const Options& options, const Memory& memory, Work& work) {
  here = {memory.table.data(), memory.answers.data(), &work};
  return timed_rounds(
      comm, options.rounds, [&] { std::fill(memory.answers.begin(), memory.answers.end(), 0); },
      [&] {
        if (options.prefetch) {
          send_requests(comm, options, buddy::with_prefetch(Request{}, PrefetchEntry{}));
        } else {
          send_requests(comm, options, Request{});
        }
        comm.barrier();
      });
}

}  // namespace workloads::indexgather
