// Sending without waiting: refused when rings are full and never running a handler; in order with
// async(); and what was flushed arrives although its sender calls nothing any more.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm engine:2:ucx
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::expect_error;

using Bytes = std::span<const std::byte>;

long handled = 0;
long handled_bytes = 0;
std::uint64_t next_number = 0;
bool in_order = true;

void take(std::uint64_t number) {
  in_order = in_order && number == next_number;
  ++next_number;
}

constexpr auto add = [](Bytes bytes) {
  ++handled;
  handled_bytes += std::ssize(bytes);
};
constexpr auto take_bytes = [](Bytes bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  take(number);
};
constexpr auto take_value = [](std::uint64_t number) { take(number); };

void sizes(Comm& comm) {
  handled = handled_bytes = 0;
  const std::vector<std::byte> bytes(Comm::max_try_bytes);
  long sent = 0;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, bytes.size()}) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      while (!comm.try_async(dest, add, Bytes(bytes).first(size))) comm.poll();
    }
    sent += static_cast<long>(size);
  }
  comm.barrier();
  expect_equal(handled, 4L * comm.size(), "messages");
  expect_equal(handled_bytes, sent * comm.size(), "bytes");
}

/// The handler may take the communicator, and send by it.
void answers(Comm& comm) {
  handled = 0;
  const auto ask = [](Comm& there, Bytes bytes) {
    int asker = 0;
    std::memcpy(&asker, bytes.data(), sizeof asker);
    if (!there.try_async(asker, add, {})) there.async(asker, [] { ++handled; });
  };
  const int me = comm.rank();
  for (int i = 0; i < 100; ++i) {
    while (!comm.try_async((me + 1) % comm.size(), ask, std::as_bytes(std::span(&me, 1)))) {
      comm.poll();
    }
  }
  comm.barrier();
  expect_equal(handled, 100L, "answers");
}

void order_with_async(Comm& comm) {
  next_number = 0;
  in_order = true;
  const int dest = (comm.rank() + 1) % comm.size();
  constexpr std::uint64_t count = 100000;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % 3 == 0) {
      comm.async(dest, take_value, i);
    } else {
      while (!comm.try_async(dest, take_bytes, std::as_bytes(std::span(&i, 1)))) comm.poll();
    }
  }
  comm.barrier();
  expect(in_order, "messages of both kinds are in order");
  expect_equal(next_number, count, "messages");
}

/// The receivers call nothing of Buddy's until all rings are full.
void refuses_when_full(Comm& comm) {
  handled = 0;
  const std::vector<std::byte> bytes(4096);
  long sent = 0;
  if (comm.rank() == 0) {
    const int dest = comm.size() - 1;
    const long before = handled;
    int refused = 0;
    for (long i = 0; i < 100000 && refused < 1000; ++i) {
      if (comm.try_async(dest, add, bytes)) {
        ++sent;
      } else {
        ++refused;
      }
    }
    expect(refused == 1000, "full rings are told");
    expect_equal(handled, before, "handlers run by try_async()");
    expect(sent < 10000, "memory for what is not handled is bounded");
  }
  MPI_Barrier(MPI_COMM_WORLD);
  comm.barrier();
  expect_equal(comm.all_reduce_sum(handled), comm.all_reduce_sum(sent), "messages");
}

/// After try_flush() a rank may wait elsewhere.
void flushed_messages_arrive(Comm& comm) {
  handled = 0;
  for (int round = 0; round < 50; ++round) {
    if (comm.rank() == 0) {
      for (int dest = 1; dest < comm.size(); ++dest) {
        for (int i = 0; i <= round; ++i) comm.async(dest, [] { ++handled; });
        while (!comm.try_async(dest, add, {})) {
        }
      }
      while (!comm.try_flush()) {
      }
    } else {
      const long wanted = handled + round + 2;
      comm.wait_until([wanted] { return handled >= wanted; });
    }
    MPI_Barrier(MPI_COMM_WORLD);  // rank 0 does nothing for Buddy here
  }
}

void errors(Comm& comm) {
  const std::vector<std::byte> bytes(Comm::max_try_bytes + 1);
  expect_error(buddy::ErrorCode::invalid_argument, {"8193", "8192", "pieces"},
               [&] { (void)comm.try_async(0, add, bytes); });
  expect_error(buddy::ErrorCode::invalid_argument, {"sends to rank"},
               [&] { (void)comm.try_async(comm.size(), add, {}); });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"sizes", sizes},
                                 {"answers", answers},
                                 {"order_with_async", order_with_async},
                                 {"refuses_when_full", refuses_when_full},
                                 {"flushed_messages_arrive", flushed_messages_arrive},
                                 {"errors", errors}});
}
