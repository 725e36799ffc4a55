#include <cstring>
#include <vector>

#include "common/rounds.hpp"
#include "histogram/run.hpp"

namespace workloads::histogram {
namespace {

/// This rank's part of the table. Handlers find it here: naming it in every message, by a
/// buddy::Handle, would make an 8-byte message half as long again.
TableEntry* local_table = nullptr;

Work* work_per_update = nullptr;

struct Increment {
  template <std::size_t bytes>
  void operator()(const Update<bytes>& update) const noexcept {
    local_table[update.index] += update.amount;
  }
};

/// A handler of its own, so that runs without work do not ask for every message whether there is.
struct IncrementWithWork {
  template <std::size_t bytes>
  void operator()(const Update<bytes>& update) const noexcept {
    local_table[update.index] += update.amount;
    (*work_per_update)(update.index);
  }
};

struct PrefetchEntry {
  template <std::size_t bytes>
  const void* operator()(const Update<bytes>& update) const noexcept {
    return &local_table[update.index];
  }
};

template <std::size_t bytes, class Handler>
void send_fixed(buddy::Comm& comm, TargetStream targets, std::uint64_t updates, Handler handler) {
  Update<bytes> update{};
  for (std::uint64_t k = 0; k < updates; ++k) {
    const Target target = targets.next();
    update.index = target.index;
    comm.async(static_cast<int>(target.rank), handler, update);
  }
}

template <std::size_t bytes, class Handler>
void send_prefetched(buddy::Comm& comm, TargetStream targets, const Options& options,
                     Handler handler) {
  if (options.prefetch) {
    const auto prefetching = buddy::with_prefetch(handler, PrefetchEntry{});
    send_fixed<bytes>(comm, targets, options.updates, prefetching);
  } else {
    send_fixed<bytes>(comm, targets, options.updates, handler);
  }
}

template <std::size_t bytes>
void send(buddy::Comm& comm, TargetStream targets, const Options& options) {
  if (options.work.units > 0) {
    send_prefetched<bytes>(comm, targets, options, IncrementWithWork{});
  } else {
    send_prefetched<bytes>(comm, targets, options, Increment{});
  }
}

/// Sizes without a type of their own travel as vectors, which are serialised.
void send_any_size(buddy::Comm& comm, TargetStream targets, const Options& options) {
  const auto increment = [](const std::vector<std::byte>& message) {
    std::uint64_t index = 0;
    std::memcpy(&index, message.data(), sizeof index);
    ++local_table[index];
    (*work_per_update)(index);
  };
  std::vector<std::byte> message(static_cast<std::size_t>(options.payload_bytes));
  for (std::uint64_t k = 0; k < options.updates; ++k) {
    const Target target = targets.next();
    std::memcpy(message.data(), &target.index, sizeof target.index);
    comm.async(static_cast<int>(target.rank), increment, message);
  }
}

void send_updates(buddy::Comm& comm, const TargetStream& targets, const Options& options) {
  switch (options.payload_bytes) {
    case 8: return send<8>(comm, targets, options);
    case 16: return send<16>(comm, targets, options);
    case 32: return send<32>(comm, targets, options);
    case 64: return send<64>(comm, targets, options);
    case 128: return send<128>(comm, targets, options);
    case 256: return send<256>(comm, targets, options);
    case 512: return send<512>(comm, targets, options);
    case 1024: return send<1024>(comm, targets, options);
    default: return send_any_size(comm, targets, options);
  }
}

}  // namespace

RunResult run_buddy(buddy::Comm& comm, const Options& options, std::span<TableEntry> table,
                    Work& work) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const TargetStream targets({ranks, options.table, options.seed},
                             static_cast<std::uint64_t>(comm.rank()));
  local_table = table.data();
  work_per_update = &work;
  return timed_rounds(
      comm, options.rounds, [] {},
      [&] {
        send_updates(comm, targets, options);
        comm.barrier();
      });
}

}  // namespace workloads::histogram
