// When handlers run: never nested, never in a call that runs none, never from the next phase.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm shared dpu
#include <cstdint>
#include <string>
#include <thread>
#include <vector>
#include <ygm/detail/interrupt_mask.hpp>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

int depth = 0;
int deepest = 0;
long calls = 0;
bool allowed = true;   ///< whether handlers may run now
long out_of_turn = 0;  ///< handlers that ran although they may not
std::thread::id home;
long elsewhere = 0;

/// Every handler of this file looks at the rules.
struct Watch {
  Watch() {
    if (++depth > deepest) deepest = depth;
    ++calls;
    if (!allowed) ++out_of_turn;
    if (std::this_thread::get_id() != home) ++elsewhere;
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { --depth; }
};

void begin(ygm::comm& world) {
  world.barrier();
  depth = deepest = 0;
  calls = out_of_turn = elsewhere = 0;
  allowed = true;
  home = std::this_thread::get_id();
  world.cf_barrier();
}

void expect_rules_kept() {
  expect_equal(deepest, 1, "deepest nesting of handlers");
  expect_equal(out_of_turn, 0L, "handlers that ran out of turn");
  expect_equal(elsewhere, 0L, "handlers on another thread");
}

/// Handlers that send, poll, broadcast and register: none of it runs another handler.
struct Tree {
  void operator()(ygm::comm* here, int levels) const {
    const Watch watch;
    if (levels == 0) return;
    for (int i = 0; i < 2; ++i) {
      here->async((here->rank() + i) % here->size(), Tree{}, levels - 1);
      here->local_progress();
      expect(!here->local_process_incoming(), "a handler takes nothing in");
    }
    here->async_mcast({here->rank()}, [] { const Watch inner; });
  }
};

void no_nesting(ygm::comm& world) {
  begin(world);
  world.async((world.rank() + 1) % world.size(), Tree{}, 12);
  world.barrier();
  expect_rules_kept();
  const long each = (1 << 13) - 1 + (1 << 12) - 1;
  expect_equal(world.all_reduce_sum(calls), each * world.size(), "handlers");
}

/// A handler's messages by the thousand are more than the rings take, and still it does not wait.
void fan_out(ygm::comm& world) {
  begin(world);
  world.async_bcast([](ygm::comm* here) {
    const Watch watch;
    for (int i = 0; i < 100'000; ++i) {
      here->async(
          i % here->size(), [](std::uint64_t) { const Watch inner; }, std::uint64_t{1});
    }
  });
  world.barrier();
  expect_rules_kept();
  expect_equal(world.all_reduce_sum(calls), 100'001L * world.size() * world.size(), "handlers");
}

/// Messages to oneself are queued like all others.
void self_sends_are_queued(ygm::comm& world) {
  begin(world);
  allowed = false;
  world.async(world.rank(), [] { const Watch watch; });
  expect_equal(calls, 0L, "handlers inside async()");
  world.cf_barrier();
  expect_equal(calls, 0L, "handlers before a call that may run them");
  allowed = true;
  world.barrier();
  expect_equal(calls, 1L, "handlers after the barrier");
  expect_rules_kept();
}

/// Each round: everybody sends, then is in a call that runs no handlers.
template <class Call>
void quiet(ygm::comm& world, const std::string& what, Call call) {
  begin(world);
  for (int round = 0; round < 20; ++round) {
    world.async_bcast([] { const Watch watch; });
    allowed = false;
    call();
    allowed = true;
    world.barrier();
  }
  expect_equal(out_of_turn, 0L, "handlers inside " + what);
  expect_equal(calls, 20L * world.size(), "handlers in all");
}

void calls_that_run_no_handlers(ygm::comm& world) {
  quiet(world, "cf_barrier", [&] { world.cf_barrier(); });
  quiet(world, "all_reduce_sum", [&] { world.all_reduce_sum(1); });
  quiet(world, "all_reduce_min", [&] { world.all_reduce_min(1.5); });
  quiet(world, "all_reduce_max", [&] { world.all_reduce_max(1); });
  quiet(world, "all_reduce", [&] {
    world.all_reduce(std::string("x"),
                     [](const std::string& a, const std::string& b) { return a + b; });
  });
  quiet(world, "mpi_bcast", [&] { world.mpi_bcast(std::vector<int>(1'000, 3), 0); });
  quiet(world, "mpi_send and mpi_recv", [&] {
    const int next = (world.rank() + 1) % world.size();
    const int last = (world.rank() + world.size() - 1) % world.size();
    if (world.size() == 1) return;
    if (world.rank() % 2 == 0) world.mpi_send(world.rank(), next, 7);
    expect_equal(world.mpi_recv<int>(last, 7), last, "number received");
    if (world.rank() % 2 == 1) world.mpi_send(world.rank(), next, 7);
  });
  quiet(world, "size, rank, layout, router, stats", [&] {
    world.async(world.size() - 1, [] {});
    expect(world.layout().is_local(world.rank()), "here is local");
    expect_equal(world.router().next_hop(0), 0, "next hop");
    expect(world.stats().get_async_count() > 0, "messages counted");
  });
}

/// A message of the next phase never runs inside the barrier of this one.
void phases_do_not_mix(ygm::comm& world) {
  static int phase = 0;
  static long wrong = 0;
  begin(world);
  phase = 0;
  wrong = 0;
  world.barrier();
  for (int i = 0; i < 2'000; ++i) {
    world.async_bcast([](int of) { wrong += of != phase; }, phase);
    world.barrier();
    ++phase;
  }
  world.barrier();
  expect_equal(wrong, 0L, "messages of another phase");
}

void interrupt_mask(ygm::comm& world) {
  begin(world);
  constexpr int count = 100'000;  // more than the rings take
  {
    const ygm::detail::interrupt_mask mask(world);
    allowed = false;
    for (int i = 0; i < count; ++i) world.async(0, [] { const Watch watch; });
    world.local_progress();
    world.cf_barrier();
    world.local_progress();
    expect_equal(calls, 0L, "handlers under the mask");
    bool thrown = false;
    try {
      world.barrier();
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    expect(thrown, "barrier() under the mask is an error, no hang");
    world.cf_barrier();
    allowed = true;
  }
  world.barrier();
  expect_equal(calls, world.rank() == 0 ? long{count} * world.size() : 0L, "handlers after it");
  expect_equal(out_of_turn, 0L, "handlers out of turn");
}

/// What a handler throws leaves through the barrier that ran it.
void exceptions(ygm::comm& world) {
  begin(world);
  world.async(
      world.rank(), [](int) { throw std::runtime_error("thrown by a handler"); }, 1);
  int caught = 0;
  for (bool done = false; !done;) {
    try {
      world.barrier();
      done = true;
    } catch (const std::runtime_error& error) {
      caught += std::string(error.what()) == "thrown by a handler" ? 1 : 0;
    }
  }
  expect_equal(caught, 1, "exceptions of handlers");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"no nesting", no_nesting},
                                     {"fan-out", fan_out},
                                     {"self-sends are queued", self_sends_are_queued},
                                     {"calls that run no handlers", calls_that_run_no_handlers},
                                     {"phases do not mix", phases_do_not_mix},
                                     {"interrupt mask", interrupt_mask},
                                     {"exceptions", exceptions}});
}
