// What keeps phases of a program apart: phase_barrier, handlers held back, waiting for MPI,
// small blocks, and several communicators that wait for each other.
// ranks: 1 2 3 4 8
// variants: host host:2:ucx engine engine:2:shm:2 engine:2:ucx shared dpu:2:ucx
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

int phase = 0;
long wrong = 0;
long calls = 0;

void begin(Comm& comm) {
  comm.phase_barrier();
  phase = 0;
  wrong = 0;
  calls = 0;
  comm.control_barrier();
}

/// Without the second round, some message of the next phase runs in the barrier of this one.
void phases(Comm& comm) {
  begin(comm);
  constexpr int rounds = 2'000;
  for (int i = 0; i < rounds; ++i) {
    comm.async_bcast(
        [](int of) {
          wrong += of != phase;
          ++calls;
        },
        phase);
    comm.phase_barrier();
    ++phase;
  }
  comm.phase_barrier();
  expect_equal(wrong, 0L, "messages of another phase");
  expect_equal(calls, long{rounds} * comm.size(), "messages");
}

/// Both kinds of barrier in turn, with callbacks and chains of messages.
void with_other_barriers(Comm& comm) {
  begin(comm);
  const std::uint64_t before = comm.stats().barriers;
  for (int i = 0; i < 200; ++i) {
    comm.before_barrier([&comm] {
      comm.async(comm.size() - 1, [](Comm& there) { there.async(0, [] { ++calls; }); });
    });
    if (i % 3 == 0) {
      comm.barrier();
    } else {
      comm.phase_barrier();
    }
  }
  expect_equal(comm.all_reduce_sum(calls), 200L * comm.size(), "chains");
  expect_equal(comm.stats().barriers - before, 200u, "barriers counted");
}

/// A handler's exception interrupts; the next call goes on with the same barrier.
void interrupted(Comm& comm) {
  begin(comm);
  for (int i = 0; i < 10; ++i) {
    if (i % comm.size() == comm.rank()) {
      comm.async(
          comm.rank(), [](int number) { throw number; }, i);
    }
    int caught = 0;
    for (;;) {
      try {
        comm.phase_barrier();
        break;
      } catch (int) {
        ++caught;
      }
    }
    expect_equal(caught, i % comm.size() == comm.rank() ? 1 : 0, "exceptions");
  }
}

void held_back(Comm& comm) {
  begin(comm);
  constexpr long count = 200'000;  // more than the rings take
  comm.hold_handlers(true);
  for (long i = 0; i < count; ++i) {
    comm.async(
        static_cast<int>(i % comm.size()), [](std::uint64_t) { ++calls; }, std::uint64_t{1});
  }
  comm.poll();
  comm.control_barrier();
  comm.poll();
  expect_equal(calls, 0L, "handlers that ran although held back");
  buddy::test::expect_error(buddy::ErrorCode::invalid_argument, {"held back"},
                            [&] { comm.barrier(); });
  comm.control_barrier();
  comm.hold_handlers(false);
  comm.phase_barrier();
  expect_equal(comm.all_reduce_sum(calls), count * comm.size(), "handlers afterwards");
}

/// Rank 0 waits for MPI while the others first send it more than the rings take.
void waiting_for_mpi(Comm& comm) {
  begin(comm);
  constexpr long count = 200'000;
  int number = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  if (comm.rank() == 0) {
    for (int i = 1; i < comm.size(); ++i) {
      MPI_Status status;
      MPI_Irecv(&number, 1, MPI_INT, MPI_ANY_SOURCE, 5, comm.mpi_comm(), &request);
      comm.wait_for(request, &status);
      expect_equal(status.MPI_SOURCE, number, "sender in the status");
      expect(request == MPI_REQUEST_NULL, "the request is done");
    }
    expect_equal(calls, 0L, "handlers inside the wait");
  } else {
    for (long i = 0; i < count; ++i) {
      comm.async(
          0, [](std::uint64_t) { ++calls; }, std::uint64_t{1});
    }
    number = comm.rank();
    MPI_Isend(&number, 1, MPI_INT, 0, 5, comm.mpi_comm(), &request);
    comm.wait_for(request);
  }
  comm.phase_barrier();
  if (comm.rank() == 0) expect_equal(calls, count * (comm.size() - 1), "messages");
}

void small_blocks(Comm& comm) {
  for (const std::size_t bytes : {0u, 100u, 1'000u, 1'000'000u}) {
    begin(comm);
    Comm small(MPI_COMM_WORLD, {.collect_bytes = bytes});
    constexpr int count = 3'000;
    for (int i = 0; i < count; ++i) {
      const int dest = i % small.size();
      small.async(
          dest, [](std::uint64_t) { ++calls; }, std::uint64_t{1});
      if (i % 10 == 0) {
        small.async(
            dest, [](const std::string& text) { calls += text.size() == 500; },
            std::string(500, 'x'));
      }
      if (i % 1'000 == 0) {
        small.async(
            dest, [](const std::string& text) { calls += text.size() == 50'000; },
            std::string(50'000, 'x'));
      }
    }
    small.barrier();
    expect_equal(comm.all_reduce_sum(calls), 3'303L * comm.size(), "messages");
    if (bytes == 0) {
      expect(small.stats().blocks_sent >= 3'303, "every message has a block of its own");
    }
  }
}

// ---- several communicators ----------------------------------------------------------------------

/// A rank in the barrier of one communicator does not stop those who send through another.
void one_waits_for_the_other(Comm& comm) {
  begin(comm);
  Comm other(MPI_COMM_WORLD);
  constexpr long count = 200'000;
  for (int sender = 0; sender < comm.size(); ++sender) {
    if (comm.rank() == sender) {
      for (long i = 0; i < count; ++i) {
        other.async(
            static_cast<int>(i % comm.size()), [](std::uint64_t) { ++calls; }, std::uint64_t{1});
      }
    }
    comm.barrier();
    comm.control_barrier();
  }
  const long before = calls;
  other.barrier();
  expect(comm.size() == 1 || calls > before, "handlers wait for a call of their communicator");
  expect_equal(comm.all_reduce_sum(calls), count * comm.size(), "messages");
}

int depth = 0;
int deepest = 0;
Comm* partner = nullptr;

struct Depth {
  Depth() { deepest = std::max(deepest, ++depth); }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  ~Depth() { --depth; }
};

/// A handler of one that sends much through another runs no handlers of it.
void handlers_of_two_do_not_nest(Comm& comm) {
  begin(comm);
  depth = deepest = 0;
  Comm other(MPI_COMM_WORLD);
  partner = &other;
  comm.control_barrier();
  for (int i = 0; i < 3; ++i) {
    comm.async_bcast([](Comm& here) {
      const Depth outer;
      for (int k = 0; k < 20'000; ++k) {
        partner->async(
            k % here.size(),
            [](std::uint64_t) {
              const Depth inner;
              ++calls;
            },
            std::uint64_t{1});
      }
      buddy::test::expect_error(buddy::ErrorCode::invalid_argument, {"handler"},
                                [] { partner->barrier(); });
    });
  }
  comm.barrier();
  other.barrier();
  expect_equal(deepest, 1, "deepest nesting");
  expect_equal(comm.all_reduce_sum(calls), 60'000L * comm.size() * comm.size(), "messages");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"phases", phases},
                                 {"with other barriers", with_other_barriers},
                                 {"interrupted", interrupted},
                                 {"held back", held_back},
                                 {"waiting for MPI", waiting_for_mpi},
                                 {"small blocks", small_blocks},
                                 {"one waits for the other", one_waits_for_the_other},
                                 {"handlers of two do not nest", handlers_of_two_do_not_nest}});
}
