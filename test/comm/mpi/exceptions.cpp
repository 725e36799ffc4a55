// Exceptions of handlers, and calls that are refused; the job goes on after each.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm:2 shared dpu
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::ErrorCode;
using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::expect_error;

int calls = 0;

struct Trouble : std::runtime_error {
  using std::runtime_error::runtime_error;
  int number = 0;
};

[[noreturn]] void throw_trouble(int number) {
  Trouble trouble("trouble " + std::to_string(number));
  trouble.number = number;
  throw trouble;
}

/// Goes on with barrier() until it returns. \return how many exceptions left it
int barrier_with_exceptions(Comm& comm) {
  int caught = 0;
  for (;;) {
    try {
      comm.barrier();
      return caught;
    } catch (const Trouble&) {
      ++caught;
    }
  }
}

// ---- exceptions thrown by handlers ------------------------------------------------------------

void one_through_barrier(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  const int next = (comm.rank() + 1) % comm.size();
  comm.async(next, [] { ++calls; });
  comm.async(next, [] { throw_trouble(1); });
  comm.async(next, [] { ++calls; });
  expect_equal(barrier_with_exceptions(comm), 1, "exceptions");
  expect_equal(calls, 2, "messages around the one that threw");
}

void one_through_poll(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.async(comm.rank(), [] { throw_trouble(2); });
  comm.async(comm.rank(), [] { ++calls; });
  int caught = 0;
  while (caught + calls < 2) {
    try {
      comm.poll();
    } catch (const Trouble& trouble) {
      ++caught;
      expect_equal(trouble.number, 2, "content of the exception");
    }
  }
  expect_equal(caught, 1, "exceptions");
  expect_equal(calls, 1, "messages after the one that threw");
}

void one_through_wait(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.async(comm.rank(), [] { throw_trouble(3); });
  bool caught = false;
  try {
    comm.wait_until([] { return false; });
  } catch (const Trouble&) {
    caught = true;
  }
  expect(caught, "an exception left wait_until");
}

/// In the middle of runs of fixed and of variable messages, and as the last of a block.
void many(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  const int next = (comm.rank() + 1) % comm.size();
  int caught = 0;
  const auto guarded = [&](auto send) {
    // async() runs handlers, too. It is not told which message an exception belongs to, so the
    // program asks its own counter.
    try {
      send();
    } catch (const Trouble&) {
      ++caught;
    }
  };
  constexpr int count = 300;
  int sent = 0;
  for (int i = 0; i < count; ++i) {
    guarded([&] {
      comm.async(
          next,
          [](int number) {
            ++calls;
            if (number % 7 == 3) throw_trouble(number);
          },
          i);
    });
    guarded([&] {
      comm.async(
          next,
          [](const std::string& text) {
            ++calls;
            if (text.size() % 5 == 2) throw_trouble(5);
          },
          std::string(static_cast<std::size_t>(i % 40), 'x'));
    });
    if (i % 50 == 0) {
      guarded([&] {
        comm.async(
            next,
            [](const std::vector<char>& large) {
              ++calls;
              if (large.size() > 10) throw_trouble(6);
            },
            std::vector<char>(30'000));
      });
    }
  }
  sent = static_cast<int>(comm.stats().messages_sent);
  caught += barrier_with_exceptions(comm);
  expect(sent > 0, "messages were sent");
  expect(caught > 0, "exceptions were caught");
  const buddy::Stats total = comm.stats_total();
  expect_equal(total.messages_handled, total.messages_sent, "messages handled");
}

/// One that is thrown while data waits because of a collective.
void after_deferred_frames(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  for (int i = 0; i < 20; ++i) {
    comm.async((comm.rank() + 1) % comm.size(),
               [](int number) {
                 ++calls;
                 if (number % 4 == 1) throw_trouble(number);
               },
               i);
  }
  int caught = 0;
  for (;;) {
    try {
      comm.control_barrier();  // defers what has arrived
      break;
    } catch (const Trouble&) {
      expect(false, "a collective runs no handlers");
    }
  }
  // Collectives between the exceptions of one block.
  const int most = 12;
  for (int i = 0; i < most; ++i) {
    try {
      comm.poll();
    } catch (const Trouble&) {
      ++caught;
    }
    expect_equal(comm.all_reduce_sum(1), comm.size(), "sum between exceptions");
  }
  caught += barrier_with_exceptions(comm);
  expect_equal(calls, 20, "messages");
  expect_equal(caught, 5, "exceptions");
}

void callback_throws(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  comm.before_barrier([] { throw_trouble(9); });
  comm.before_barrier([] { ++calls; });
  expect_equal(barrier_with_exceptions(comm), 1, "exceptions");
  expect_equal(calls, 1, "callbacks after the one that threw");
}

// ---- calls that are refused -------------------------------------------------------------------
void lost_in_destructor(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  {
    Comm part(MPI_COMM_WORLD);
    part.async((comm.rank() + 1) % comm.size(), [] {
      ++calls;
      throw_trouble(7);
    });
    if (comm.rank() == 0) part.async_bcast([] { throw 8; });
  }
  expect_equal(calls, 1, "handlers that ran in the destructor");
}

/// One rank's exception ends a communicator: the others get an error, and other communicators live.
void unwinding(Comm& comm, void (*wait)(Comm&)) {
  const int thrower = comm.size() - 1;
  try {
    Comm part(MPI_COMM_WORLD);
    part.barrier();
    if (comm.rank() == thrower) throw_trouble(10);
    wait(part);
    expect(false, "a communicator without one of its ranks goes on");
  } catch (const Trouble&) {
    expect_equal(comm.rank(), thrower, "rank that threw");
  } catch (const buddy::Error& error) {
    expect(error.code() == ErrorCode::peer_died, "code of the error");
    const std::string name = "rank " + std::to_string(thrower);
    expect(std::string(error.what()).find(name) != std::string::npos,
           name + " is named in: " + error.what());
  }
  calls = 0;
  comm.control_barrier();
  comm.async_bcast([] { ++calls; });
  comm.barrier();
  expect_equal(calls, comm.size(), "messages through the other communicator");
}

void unwinding_while_others_wait(Comm& comm) {
  unwinding(comm, [](Comm& part) { part.barrier(); });
  unwinding(comm, [](Comm& part) { part.wait_until([] { return false; }); });
  unwinding(comm, [](Comm& part) { part.all_reduce_sum(1); });
  unwinding(comm, [](Comm& part) {
    std::vector<int> values(1000);
    part.broadcast(values, part.size() - 1);
  });
  unwinding(comm, [](Comm& part) {
    for (;;)
      part.async(
          part.size() - 1, [](double) {}, 1.0);
  });
}

void bad_destinations(Comm& comm) {
  const std::string self = "rank " + std::to_string(comm.rank());
  for (const int dest : {comm.size(), comm.size() + 100, -1, 1 << 30}) {
    const std::string other = "rank " + std::to_string(dest);
    expect_error(ErrorCode::invalid_argument, {self, other},
                 [&] { comm.async(dest, [] { ++calls; }); });
    expect_error(ErrorCode::invalid_argument, {self, other}, [&] {
      comm.async(
          dest, [](const std::string&) {}, std::string("text"));
    });
  }
  calls = 0;
  comm.control_barrier();
  comm.async(0, [] { ++calls; });
  comm.barrier();
  expect_equal(calls, comm.rank() == 0 ? comm.size() : 0, "messages after refused ones");
}

int refused = 0;

/// Runs \p call inside a handler of one rank: it must be refused, and have begun nothing.
template <class Call>
void refuse_in_handler(Comm& comm, Call) {
  refused = 0;
  comm.control_barrier();
  const int unlucky = comm.size() - 1;
  if (comm.rank() == 0) {
    comm.async(unlucky, [](Comm& c) {
      expect_error(ErrorCode::invalid_argument, {"handler"}, [&] { Call()(c); });
      ++refused;
    });
  }
  comm.barrier();
  expect_equal(refused, comm.rank() == unlucky ? 1 : 0, "handlers that ran");
  expect_equal(comm.all_reduce_sum(comm.rank()), comm.size() * (comm.size() - 1) / 2,
               "sum after the refusal");
  std::string text = comm.rank() == 0 ? "zero" : "";
  comm.broadcast(text, 0);
  expect_equal(text, "zero", "broadcast after the refusal");
}

void waiting_in_handlers(Comm& comm) {
  refuse_in_handler(comm, [](Comm& c) { c.barrier(); });
  refuse_in_handler(comm, [](Comm& c) { c.wait_until([] { return false; }); });
  refuse_in_handler(comm, [](Comm& c) { c.control_barrier(); });
  refuse_in_handler(comm, [](Comm& c) { c.all_reduce_sum(1); });
  refuse_in_handler(comm, [](Comm& c) { c.all_reduce(std::string("x"), std::plus<>()); });
  refuse_in_handler(comm, [](Comm& c) { c.stats_total(); });
  refuse_in_handler(comm, [](Comm& c) {
    std::vector<int> values(100'000);
    c.broadcast(values, 0);
  });
  refuse_in_handler(comm, [](Comm& c) {
    int object = 0;
    c.handle(object);
  });
}

/// The same error when it leaves the handler: the program gets it from its barrier().
void error_leaves_handler(Comm& comm) {
  comm.async(comm.rank(), [](Comm& c) { c.barrier(); });
  expect_error(ErrorCode::invalid_argument, {"handler"}, [&] { comm.barrier(); });
  comm.barrier();
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"one through barrier", one_through_barrier},
                                 {"one through poll", one_through_poll},
                                 {"one through wait_until", one_through_wait},
                                 {"many", many},
                                 {"after frames were deferred", after_deferred_frames},
                                 {"callback throws", callback_throws},
                                 {"lost in the destructor", lost_in_destructor},
                                 {"unwinding while others wait", unwinding_while_others_wait},
                                 {"bad destinations", bad_destinations},
                                 {"waiting in handlers", waiting_in_handlers},
                                 {"error leaves handler", error_leaves_handler}});
}
