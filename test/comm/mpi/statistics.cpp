// Counters tell what happened, exactly.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm:2 engine:2:ucx
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::Stats;
using buddy::test::expect;
using buddy::test::expect_equal;

std::uint64_t handled = 0;

/// What the whole job did while \p work ran.
template <class Work>
Stats measure(Comm& comm, Work work) {
  comm.barrier();
  const Stats before = comm.stats_total();
  work();
  comm.barrier();
  return comm.stats_total() - before;
}

void expect_all_handled(const Stats& stats, std::uint64_t messages, std::uint64_t bytes,
                        buddy::test::Where where = buddy::test::Where::here()) {
  expect_equal(stats.messages_sent, messages, "messages sent", where);
  expect_equal(stats.messages_handled, messages, "messages handled", where);
  expect_equal(stats.payload_bytes, bytes, "payload bytes", where);
}

void nothing_yet(Comm& comm) {
  const Stats stats = comm.stats();
  expect_equal(stats.messages_sent, 0u, "messages sent");
  expect_equal(stats.payload_bytes, 0u, "payload bytes");
  expect_equal(stats.stalls, 0u, "stalls");
  expect_equal(stats.barriers, 0u, "barriers");
}

void fixed_messages(Comm& comm) {
  const auto n = static_cast<std::uint64_t>(comm.size());
  constexpr std::uint64_t count = 30'000;
  const Stats stats = measure(comm, [&] {
    for (std::uint64_t i = 0; i < count; ++i) {
      const int dest = static_cast<int>(i % n);
      comm.async(
          dest, [](std::uint64_t) { ++handled; }, i);
      comm.async(
          dest, [](std::uint16_t, std::pair<char, char>) { ++handled; }, std::uint16_t{1},
          std::pair('a', 'b'));
      comm.async(dest, [] { ++handled; });
    }
  });
  expect_all_handled(stats, 3 * count * n, (8 + 4 + 0) * count * n);
  expect(stats.blocks_sent > 0, "blocks were sent");
  expect_equal(stats.flushes_full + stats.flushes_poll + stats.flushes_idle, stats.blocks_sent,
               "flushes by reason");
  expect(stats.routed_records >= 3 * count * n, "engines routed every message");
  expect_equal(stats.rejected_frames, 0u, "rejected frames");
  expect_equal(stats.overflow_blocks, 0u, "blocks queued by handlers");
  if (comm.nodes() > 1) {
    expect(stats.wire_bytes > 4 * count * n, "bytes went to other nodes");
  } else {
    expect_equal(stats.wire_bytes, 0u, "bytes to other nodes");
  }
  expect(stats.host_cpu_seconds > 0, "ranks used CPU time");
}

void serialised_messages(Comm& comm) {
  const auto n = static_cast<std::uint64_t>(comm.size());
  constexpr std::uint64_t length_bytes = 8;  // cereal's count of elements
  const Stats stats = measure(comm, [&] {
    for (int dest = 0; dest < comm.size(); ++dest) {
      comm.async(
          dest, [](const std::string&) { ++handled; }, std::string(10, 's'));
      comm.async(
          dest, [](const std::vector<int>&, int) { ++handled; }, std::vector<int>(100), 1);
    }
  });
  expect_all_handled(stats, 2 * n * n, (10 + length_bytes + 400 + length_bytes + 4) * n * n);
}

struct Large {
  char bytes[50'000];
};

void large_messages(Comm& comm) {
  const auto n = static_cast<std::uint64_t>(comm.size());
  const Stats stats = measure(comm, [&] {
    for (int dest = 0; dest < comm.size(); ++dest) {
      static const Large large{};
      comm.async(
          dest, [](const Large&) { ++handled; }, large);
      comm.async(
          dest, [](const std::vector<char>&) { ++handled; }, std::vector<char>(1'000'000));
    }
  });
  // Fragments are one message.
  expect_all_handled(stats, 2 * n * n, (50'000 + 1'000'008) * n * n);
}

void broadcasts_and_chains(Comm& comm) {
  const auto n = static_cast<std::uint64_t>(comm.size());
  const Stats stats = measure(comm, [&] {
    comm.async_bcast([](Comm& c, std::uint32_t) { c.async_bcast([](std::uint32_t) {}, 1u); }, 1u);
    const std::vector<int> dests = {0, 0, comm.size() - 1};
    comm.async_mcast(
        dests, [](double) {}, 1.0);
  });
  expect_all_handled(stats, n * n + n * n * n + 3 * n, 4 * n * n + 4 * n * n * n + 8 * 3 * n);
}

void per_rank(Comm& comm) {
  comm.control_barrier();  // nobody sends before everybody has looked
  const Stats before = comm.stats();
  comm.control_barrier();
  const int next = (comm.rank() + 1) % comm.size();
  const auto mine = static_cast<std::uint64_t>(comm.rank() + 1) * 100;
  for (std::uint64_t i = 0; i < mine; ++i)
    comm.async(
        next, [](std::uint64_t) {}, i);
  const Stats open = comm.stats() - before;
  expect_equal(open.messages_sent, mine, "messages counted before their block is full");
  expect_equal(open.payload_bytes, 8 * mine, "bytes counted before their block is full");
  comm.barrier();
  const Stats stats = comm.stats() - before;
  const int previous = (comm.rank() + comm.size() - 1) % comm.size();
  expect_equal(stats.messages_sent, mine, "messages sent");
  expect_equal(stats.messages_handled, static_cast<std::uint64_t>(previous + 1) * 100,
               "messages handled");
  expect_equal(stats.barriers, 1u, "barriers");
}

void collectives_are_no_messages(Comm& comm) {
  const Stats stats = measure(comm, [&] {
    comm.all_reduce_sum(1);
    comm.control_barrier();
    std::string text = "text";
    comm.broadcast(text, 0);
  });
  expect_all_handled(stats, 0, 0);
}

/// More from one handler than the rings hold: queued, counted, and given back.
void overflow(Comm& comm) {
  constexpr std::uint64_t count = 1'000'000;
  const auto n = static_cast<std::uint64_t>(comm.size());
  const Stats stats = measure(comm, [&] {
    comm.async(comm.rank(), [](Comm& c) {
      for (std::uint64_t i = 0; i < count; ++i) {
        c.async(
            static_cast<int>(i) % c.size(), [](std::uint64_t) {}, i);
      }
    });
  });
  expect_all_handled(stats, n + count * n, 8 * count * n);
  expect(stats.overflow_blocks > 0, "blocks were queued");
  const Stats now = comm.stats();
  expect(now.overflow_peak_bytes > 0, "the peak is known");
  expect(now.overflow_peak_bytes < 24 * count, "the peak is not above what was sent");
}

void engine_time(Comm& comm) {
  const Stats stats = measure(comm, [&] {
    for (int i = 0; i < 2'000'000; ++i)
      comm.async(
          i % comm.size(), [](int) {}, i);
  });
  if (comm.placement() == buddy::Placement::engine) {
    expect(stats.engine_cpu_seconds > 0, "engines used CPU time");
  } else {
    expect_equal(stats.engine_cpu_seconds, 0.0, "CPU time of engines that are not there");
    expect_equal(stats.engine_spin_seconds, 0.0, "spinning of engines that are not there");
  }
}

/// Everything that ran above, and ranks that sleep until a message comes: neighbours that send
/// ring.
void no_lost_wakeups(Comm& comm) {
  constexpr int rounds = 20;
  for (int i = 0; i < rounds; ++i) {
    if (comm.rank() == i % comm.size()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
      comm.async((comm.rank() + 1) % comm.size(), [] { ++handled; });
    }
    comm.barrier();
  }
  const Stats stats = comm.stats_total();
  // A neighbour that loses its core between a push and its ring, just when the time of a sleep is
  // over, counts as well: on a busy machine that happens now and then. What nobody rings for comes
  // late every time.
  constexpr std::uint64_t most = rounds / 2;
  expect(stats.late_wakeups <= most, "wake-ups of ranks that came by the time limit alone");
  expect(stats.engine_late_wakeups <= most,
         "wake-ups of engines that came by the time limit alone");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"nothing yet", nothing_yet},
                                 {"fixed messages", fixed_messages},
                                 {"serialised messages", serialised_messages},
                                 {"large messages", large_messages},
                                 {"broadcasts and chains", broadcasts_and_chains},
                                 {"per rank", per_rank},
                                 {"collectives are no messages", collectives_are_no_messages},
                                 {"overflow", overflow},
                                 {"engine time", engine_time},
                                 {"no lost wake-ups", no_lost_wakeups}});
}
