// Barriers of all kinds, callbacks before them, waiting for a condition.
// ranks: 1 2 3 4
// variants: host host:2:ucx engine engine:2:shm shared dpu
#include <string>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

int calls = 0;

void clear(ygm::comm& world) {
  world.barrier();
  calls = 0;
  world.cf_barrier();
}

struct Chain {
  void operator()(ygm::comm* here, int left) const {
    ++calls;
    if (left > 0) here->async((here->rank() + 1) % here->size(), Chain{}, left - 1);
  }
};

void barrier_waits_for_chains(ygm::comm& world) {
  for (int round = 0; round < 10; ++round) {
    clear(world);
    if (world.rank() == round % world.size()) world.async(0, Chain{}, 200);
    world.barrier();
    expect_equal(world.all_reduce_sum(calls), 201, "links of the chain");
  }
}

void local_wait_until(ygm::comm& world) {
  static int arrived = 0;
  clear(world);
  arrived = 0;
  world.cf_barrier();
  world.async((world.rank() + 1) % world.size(),
              [](ygm::comm* here, int from) { here->async(from, [] { ++arrived; }); },
              world.rank());
  world.local_wait_until([] { return arrived == 1; });
  expect_equal(arrived, 1, "answers");
}

/// Ranks at local_progress() answer without a barrier.
void local_progress(ygm::comm& world) {
  static int answers = 0;
  clear(world);
  answers = 0;
  world.cf_barrier();
  world.async_bcast([](ygm::comm* here, int from) { here->async(from, [] { ++answers; }); },
                    world.rank());
  while (answers < world.size()) {
    if (answers % 2 == 0) {
      world.local_progress();
    } else {
      world.local_process_incoming();
    }
  }
  world.barrier();
  expect_equal(answers, world.size(), "answers");
}

// ---- callbacks --------------------------------------------------------------------------------

void callbacks(ygm::comm& world) {
  static std::string order;
  clear(world);
  order.clear();
  world.register_pre_barrier_callback([&world] {
    order += 'a';
    world.async(world.rank(), [] { order += 'm'; });
    world.register_pre_barrier_callback([] { order += 'c'; });
  });
  world.register_pre_barrier_callback([] { order += 'b'; });
  expect_equal(order, std::string(), "callbacks before the barrier");
  world.barrier();
  expect_equal(order.size(), std::size_t{4}, "callbacks and messages in " + order);
  expect(order.find('a') < order.find('b') && order.find('b') < order.find('c'),
         "callbacks run in order: " + order);
  world.barrier();
  expect_equal(order.size(), std::size_t{4}, "callbacks run once");
}

/// What a container with a cache does: a handler registers the flush of its rank.
void callbacks_of_handlers(ygm::comm& world) {
  static int cached = 0;
  static int flushed = 0;
  clear(world);
  cached = flushed = 0;
  world.cf_barrier();
  for (int i = 0; i < 100; ++i) {
    world.async(i % world.size(), [](ygm::comm* here) {
      if (cached++ != 0) return;
      here->register_pre_barrier_callback([here] {
        here->async(
            0, [](int count) { flushed += count; }, cached);
        cached = 0;
      });
    });
  }
  world.barrier();
  expect_equal(world.all_reduce_sum(flushed), 100 * world.size(), "flushed");
  expect_equal(cached, 0, "left in the cache");
}

// ---- async_barrier ----------------------------------------------------------------------------

/// Ranks go round as often as they like, and all meet in the barrier.
void async_barriers(ygm::comm& world) {
  static int heard = 0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    clear(world);
    heard = 0;
    world.cf_barrier();
    const int rounds = (world.rank() + repeat) % world.size();
    for (int i = 0; i < rounds; ++i) {
      const int before = heard;
      world.async(world.rank(), [] { ++heard; });
      world.async_barrier();
      expect(heard > before, "messages before an async_barrier() have run after it");
    }
    world.barrier();
    int wanted = 0;
    for (int r = 0; r < world.size(); ++r) wanted += (r + repeat) % world.size();
    expect_equal(world.all_reduce_sum(heard), wanted, "messages");
  }
}

void async_barriers_of_all(ygm::comm& world) {
  clear(world);
  for (int i = 0; i < 10; ++i) {
    world.async_bcast([] { ++calls; });
    const ygm::comm& constant = world;
    constant.async_barrier();
    expect(calls >= (i + 1) * world.size(), "messages of all ranks have run");
  }
  world.barrier();
  expect_equal(calls, 10 * world.size(), "messages");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"barrier waits for chains", barrier_waits_for_chains},
                                     {"local_wait_until", local_wait_until},
                                     {"local_progress", local_progress},
                                     {"callbacks", callbacks},
                                     {"callbacks of handlers", callbacks_of_handlers},
                                     {"async_barrier", async_barriers},
                                     {"async_barrier of all", async_barriers_of_all}});
}
