// What waits: barriers, callbacks before them, polls and conditions.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:1:shm:2 engine:2:shm engine:2:ucx:2 shared dpu
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

int calls = 0;

// ---- barrier ----------------------------------------------------------------------------------

struct Hop {
  void operator()(Comm& comm, int left) const {
    ++calls;
    if (left > 0) comm.async((comm.rank() + 1) % comm.size(), Hop(), left - 1);
  }
};

void chains(Comm& comm) {
  constexpr int depth = 100;
  for (int round = 0; round < 20; ++round) {
    calls = 0;
    comm.control_barrier();
    comm.async((comm.rank() + round) % comm.size(), Hop(), depth);
    comm.barrier();
    const int before = calls;
    expect_equal(comm.all_reduce_sum(before), (depth + 1) * comm.size(), "hops");
    comm.barrier();
    expect_equal(calls, before, "hops after the barrier");
  }
}

void one_late_rank(Comm& comm) {
  for (int late = 0; late < comm.size(); ++late) {
    calls = 0;
    comm.control_barrier();
    if (comm.rank() == late) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
      comm.async_bcast(Hop(), 3);
    }
    comm.barrier();
    expect_equal(comm.all_reduce_sum(calls), 4 * comm.size(), "messages of the late rank");
  }
}

void empty_barriers(Comm& comm) {
  const std::uint64_t before = comm.stats().barriers;
  for (int i = 0; i < 500; ++i) comm.barrier();
  expect_equal(comm.stats().barriers - before, 500u, "barriers counted");
}

void uneven_work(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  if (comm.rank() == comm.size() - 1) {
    for (int i = 0; i < 300'000; ++i) comm.async(i % comm.size(), [] { ++calls; });
  }
  comm.barrier();
  expect_equal(comm.all_reduce_sum(calls), 300'000, "messages of one rank");
}

// ---- callbacks before a barrier ---------------------------------------------------------------

std::vector<std::string> events;

void callbacks(Comm& comm) {
  calls = 0;
  events.clear();
  comm.control_barrier();
  comm.before_barrier([&comm] {
    events.emplace_back("first");
    comm.async_bcast([](Comm& c) {
      ++calls;
      // From a handler, while the barrier is under way.
      if (calls == 1) {
        c.before_barrier([&c] {
          events.emplace_back("from a handler");
          c.async_bcast([] { ++calls; });
        });
      }
    });
  });
  comm.before_barrier([&comm] {
    events.emplace_back("second");
    comm.before_barrier([] { events.emplace_back("registered by the second"); });
  });
  expect(events.empty(), "callbacks wait for the barrier");
  comm.poll();
  expect(events.empty(), "poll runs no callbacks");
  comm.barrier();
  expect_equal(calls, 2 * comm.size(), "messages of callbacks");
  expect_equal(events.size(), 4u, "callbacks");
  if (events.size() == 4) {
    expect(events[0] == "first" && events[1] == "second", "callbacks run in order");
  }
  comm.barrier();
  expect_equal(events.size(), 4u, "callbacks after the next barrier");
}

void nest(Comm& comm, int left) {
  ++calls;
  comm.async((comm.rank() + 1) % comm.size(), [] { ++calls; });
  if (left > 0) comm.before_barrier([&comm, left] { nest(comm, left - 1); });
}

void nested_callbacks(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.before_barrier([&comm] { nest(comm, 9); });
  comm.barrier();
  expect_equal(calls, 20, "callbacks and their messages");
}

void callback_that_waits_for_an_answer(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.before_barrier([&comm] {
    comm.async((comm.rank() + 1) % comm.size(),
               [](Comm& c, int from) { c.async(from, [] { ++calls; }); }, comm.rank());
    comm.wait_until([] { return calls == 1; });
    calls = 10;
  });
  comm.barrier();
  expect_equal(calls, 10, "state after the callback");
}

// ---- conditions and polls ---------------------------------------------------------------------

int token = -1;

void ring_of_waits(Comm& comm) {
  token = -1;
  comm.control_barrier();
  comm.wait_until([] { return true; });
  const int next = (comm.rank() + 1) % comm.size();
  for (int round = 0; round < 50; ++round) {
    if (comm.rank() != 0) comm.wait_until([&] { return token == round; });
    comm.async(
        next, [](int value) { token = value; }, round);
    if (comm.rank() == 0) comm.wait_until([&] { return token == round; });
  }
  comm.barrier();
  expect_equal(token, 49, "token");
}

int replies = 0;

void ping_pong(Comm& comm) {
  replies = 0;
  comm.control_barrier();
  const int partner = comm.size() - 1 - comm.rank();
  for (int i = 1; i <= 300; ++i) {
    comm.async(
        partner, [](Comm& c, int from) { c.async(from, [] { ++replies; }); }, comm.rank());
    comm.wait_until([&] { return replies == i; });
  }
  expect_equal(replies, 300, "replies");
}

void polls(Comm& comm) {
  calls = 0;
  comm.barrier();
  comm.control_barrier();
  expect_equal(comm.poll(), 0u, "messages handled by an idle poll");
  comm.control_barrier();
  constexpr int count = 1000;
  for (int i = 0; i < count; ++i) comm.async(comm.rank(), [] { ++calls; });
  const int already = calls;  // async() may run handlers, too
  std::size_t handled = 0;
  while (calls < count) handled += comm.poll();
  expect_equal(handled, static_cast<std::size_t>(count - already), "messages handled by polls");
  // In a handler poll() runs nothing.
  comm.async(comm.rank(), [](Comm& c) {
    for (int i = 0; i < 10; ++i) c.async(c.rank(), [] { ++calls; });
    const int before = calls;
    expect_equal(c.poll(), 0u, "messages handled by a poll in a handler");
    expect_equal(calls, before, "handlers run inside a handler");
  });
  comm.barrier();
  expect_equal(calls, count + 10, "messages in the end");
}

/// Handlers never nest, however much they send.
int depth = 0;
int deepest = 0;

void handlers_do_not_nest(Comm& comm) {
  depth = 0;
  deepest = 0;
  comm.control_barrier();
  for (int i = 0; i < 50; ++i) {
    comm.async((comm.rank() + i) % comm.size(), [](Comm& c) {
      ++depth;
      deepest = std::max(deepest, depth);
      for (int k = 0; k < 5'000; ++k) {
        c.async(
            k % c.size(), [](int) { deepest = std::max(deepest, depth + 1); }, k);
      }
      c.poll();
      --depth;
    });
  }
  comm.barrier();
  expect_equal(deepest, 1, "handlers at once");
}

// ---- collectives that run no handlers ---------------------------------------------------------

void no_handlers(Comm& comm, void (*collective)(Comm&)) {
  for (int round = 0; round < 30; ++round) {
    comm.barrier();
    comm.control_barrier();
    calls = 0;
    comm.control_barrier();
    comm.async_bcast([] { ++calls; });
    comm.poll();  // on its way, so that it arrives during the collective
    const int before = calls;
    collective(comm);
    expect_equal(calls, before, "messages handled before and after the collective");
    comm.barrier();
    expect_equal(calls, comm.size(), "messages after the barrier");
  }
}

void control_barrier_runs_nothing(Comm& comm) {
  no_handlers(comm, [](Comm& c) { c.control_barrier(); });
}
void reductions_run_nothing(Comm& comm) {
  no_handlers(comm, [](Comm& c) {
    expect_equal(c.all_reduce_sum(1), c.size(), "sum");
    expect_equal(c.all_reduce(std::string("x"), std::plus<>()).size(),
                 static_cast<std::size_t>(c.size()), "concatenation");
  });
}
void broadcasts_run_nothing(Comm& comm) {
  no_handlers(comm, [](Comm& c) {
    std::vector<int> values(1000, c.rank());
    c.broadcast(values, c.size() - 1);
    expect_equal(values[999], c.size() - 1, "broadcast value");
  });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"chains of messages", chains},
                                 {"one late rank", one_late_rank},
                                 {"empty barriers", empty_barriers},
                                 {"uneven work", uneven_work},
                                 {"callbacks", callbacks},
                                 {"nested callbacks", nested_callbacks},
                                 {"callback that waits", callback_that_waits_for_an_answer},
                                 {"ring of waits", ring_of_waits},
                                 {"ping-pong", ping_pong},
                                 {"polls", polls},
                                 {"handlers do not nest", handlers_do_not_nest},
                                 {"control_barrier runs no handlers", control_barrier_runs_nothing},
                                 {"reductions run no handlers", reductions_run_nothing},
                                 {"broadcasts run no handlers", broadcasts_run_nothing}});
}
