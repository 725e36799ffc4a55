// Every message runs exactly once, and those from one rank to another in the order sent.
// ranks: 1 2 4 8
// variants: host host:2:ucx engine engine:1:shm:2 engine:2:shm:2 engine:2:ucx:2 shared dpu
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::Random;

// ---- order ------------------------------------------------------------------------------------

std::vector<std::uint32_t> next_from;  ///< by source: number that must come next
int out_of_order = 0;

void take(int source, std::uint32_t number) {
  std::uint32_t& next = next_from[static_cast<std::size_t>(source)];
  if (number != next) ++out_of_order;
  next = number + 1;
}

struct Wide {
  std::uint32_t number;
  std::int32_t filling[9];
};
struct Huge {  // larger than a block takes: travels in fragments
  std::uint32_t number;
  std::int8_t filling[30'000];
};

/// One of several kinds of message with the same content, chosen at random.
void send_number(Comm& comm, int dest, std::uint32_t number, Random& random) {
  const int self = comm.rank();
  switch (random.below(200)) {
    case 0: {
      static Huge huge{};
      huge.number = number;
      comm.async(
          dest, [](int source, const Huge& got) { take(source, got.number); }, self, huge);
      break;
    }
    case 1: {
      const std::vector<std::uint32_t> many(5'000, number);
      comm.async(
          dest, [](int source, const auto& got) { take(source, got.back()); }, self, many);
      break;
    }
    default:
      switch (random.below(4)) {
        case 0: comm.async(dest, take, self, number); break;
        case 1: comm.async(dest, [self, number] { take(self, number); }); break;
        case 2:
          comm.async(
              dest, [](const Wide& got, int source) { take(source, got.number); }, Wide{number, {}},
              self);
          break;
        default:
          comm.async(
              dest,
              [](int source, const std::string& text) {
                take(source, static_cast<std::uint32_t>(std::stoul(text)));
              },
              self, std::to_string(number));
      }
  }
}

void order_per_pair(Comm& comm) {
  Random random(buddy::test::choose_seed(comm) + static_cast<std::uint64_t>(comm.rank()));
  const auto size = static_cast<std::size_t>(comm.size());
  next_from.assign(size, 0);
  out_of_order = 0;
  comm.control_barrier();
  std::vector<std::uint32_t> sent(size, 0);
  const int count = 40'000;
  for (int i = 0; i < count; ++i) {
    // Runs to one destination, so that blocks of one kind and of many kinds are filled.
    const int dest = random.below(comm.size());
    for (int run = random.below(random.below(50) == 0 ? 300 : 3); run >= 0; --run) {
      send_number(comm, dest, sent[static_cast<std::size_t>(dest)]++, random);
    }
    if (random.below(5'000) == 0) comm.poll();
  }
  comm.barrier();
  expect_equal(out_of_order, 0, "messages out of order");
  for (int r = 0; r < comm.size(); ++r) {
    std::vector<std::uint32_t> sent_by_r = sent;
    comm.broadcast(sent_by_r, r);
    expect_equal(next_from[static_cast<std::size_t>(r)],
                 sent_by_r[static_cast<std::size_t>(comm.rank())],
                 "messages from rank " + std::to_string(r));
  }
}

// ---- messages that cause messages -------------------------------------------------------------

struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t ran = 0;
  std::uint64_t sent_hash = 0;  ///< sums of mixed identities: lost and doubled ones show
  std::uint64_t ran_hash = 0;
};
Tally tally;

struct Spread {
  std::uint64_t identity;
  std::uint32_t generations;  ///< that may follow
};

void count_sent(std::uint64_t identity) {
  ++tally.sent;
  tally.sent_hash += Random(identity)();
}

struct SpreadHandler {
  void operator()(Comm& comm, const Spread& from) const {
    ++tally.ran;
    tally.ran_hash += Random(from.identity)();
    if (from.generations == 0) return;
    Random random(from.identity);
    for (int children = random.below(4); children > 0; --children) {
      const Spread child{random(), from.generations - 1};
      count_sent(child.identity);
      const int dest = random.below(comm.size());
      if (child.identity % 16 == 0) {  // some through cereal
        comm.async(
            dest,
            [](Comm& c, std::uint64_t identity, const std::vector<std::uint32_t>& generations) {
              SpreadHandler()(c, {identity, generations.at(0)});
            },
            child.identity, std::vector<std::uint32_t>(1 + child.identity % 64, child.generations));
      } else {
        comm.async(dest, SpreadHandler(), child);
      }
    }
  }
};

void random_fan_out(Comm& comm) {
  Random random(buddy::test::choose_seed(comm) + static_cast<std::uint64_t>(comm.rank()));
  for (int round = 0; round < 5; ++round) {
    tally = {};
    comm.control_barrier();
    for (int i = 0; i < 200; ++i) {
      const Spread first{random(), 12};
      count_sent(first.identity);
      comm.async(random.below(comm.size()), SpreadHandler(), first);
    }
    comm.barrier();
    const std::uint64_t ran = comm.all_reduce_sum(tally.ran);
    expect_equal(ran, comm.all_reduce_sum(tally.sent), "messages that ran");
    expect_equal(comm.all_reduce_sum(tally.ran_hash), comm.all_reduce_sum(tally.sent_hash),
                 "sum over the messages that ran");
    expect(ran > 200, "messages caused messages");
  }
}

struct Split {
  void operator()(Comm& comm, std::uint32_t generations) const {
    ++tally.ran;
    if (generations == 0) return;
    for (int child = 0; child < 3; ++child) {
      comm.async((comm.rank() + child) % comm.size(), Split(), generations - 1);
    }
  }
};

/// Handlers send three for one: what the rings do not hold is kept, and everything runs in the end.
void explosion(Comm& comm) {
  tally = {};
  comm.control_barrier();
  constexpr std::uint32_t generations = 12;
  for (int i = 0; i < 2; ++i) comm.async(comm.size() - 1 - comm.rank(), Split(), generations);
  comm.barrier();
  std::uint64_t wanted = 0;
  std::uint64_t alive = 2u * static_cast<std::uint64_t>(comm.size());
  for (std::uint32_t g = 0; g <= generations; ++g, alive *= 3) wanted += alive;
  expect_equal(comm.all_reduce_sum(tally.ran), wanted, "messages that ran");
}

// ---- broadcasts, lists, self ------------------------------------------------------------------

int calls = 0;
std::uint64_t bytes = 0;

void broadcasts(Comm& comm) {
  calls = 0;
  bytes = 0;
  comm.control_barrier();
  const int count = 300;
  for (int i = 0; i < count; ++i) {
    comm.async_bcast([](int) { ++calls; }, i);
    comm.async_bcast([](const std::string& text) { bytes += text.size(); }, std::string(7, 'x'));
  }
  comm.async_bcast([](const std::vector<double>& values) { bytes += values.size(); },
                   std::vector<double>(100'000, 1.0));
  comm.async_bcast([] { ++calls; });
  comm.barrier();
  expect_equal(calls, (count + 1) * comm.size(), "broadcast messages");
  expect_equal(bytes, static_cast<std::uint64_t>(comm.size()) * (7 * count + 100'000),
               "broadcast bytes");
  // From a handler.
  calls = 0;
  comm.control_barrier();
  comm.async((comm.rank() + 1) % comm.size(),
             [](Comm& c) { c.async_bcast([](Comm&) { ++calls; }); });
  comm.barrier();
  expect_equal(calls, comm.size(), "broadcasts from handlers");
}

void lists_of_destinations(Comm& comm) {
  calls = 0;
  comm.control_barrier();
  const int last = comm.size() - 1;
  const std::vector<int> dests = {0, last, 0, comm.rank()};
  comm.async_mcast(
      dests, [](int value) { calls += value; }, 1);
  comm.async_mcast(std::vector<int>(), [] { calls += 1'000'000; });
  const std::vector<int> twice = {last, last};
  comm.async_mcast(
      twice, [](const std::string& text) { calls += static_cast<int>(text.size()); },
      std::string(100, 'm'));
  comm.barrier();
  const int from_all = comm.size() * ((comm.rank() == 0 ? 2 : 0) + (comm.rank() == last ? 201 : 0));
  expect_equal(calls, from_all + 1, "sum of messages to lists");
  comm.control_barrier();
  // A list with a rank that is not there sends nothing at all.
  calls = 0;
  comm.control_barrier();
  const std::vector<int> wrong = {0, comm.size()};
  buddy::test::expect_error(buddy::ErrorCode::invalid_argument,
                            {"rank " + std::to_string(comm.size())},
                            [&] { comm.async_mcast(wrong, [] { ++calls; }); });
  comm.barrier();
  expect_equal(calls, 0, "messages of a refused list");
}

void to_self(Comm& comm) {
  calls = 0;
  const int count = 200'000;
  for (int i = 0; i < count; ++i)
    comm.async(
        comm.rank(),
        [](int expected) {
          if (calls == expected) ++calls;
        },
        i);
  comm.barrier();
  expect_equal(calls, count, "messages to self in order");
}

// ---- volume -----------------------------------------------------------------------------------

std::vector<std::uint32_t> table;

void random_increments(Comm& comm) {
  constexpr std::uint64_t entries = 4096;
  constexpr std::uint64_t updates = 1'000'000;
  table.assign(entries, 0);
  comm.control_barrier();
  Random random(17 + static_cast<std::uint64_t>(comm.rank()));
  const auto size = static_cast<std::uint64_t>(comm.size());
  for (std::uint64_t i = 0; i < updates; ++i) {
    const std::uint64_t at = random() % (entries * size);
    comm.async(
        static_cast<int>(at % size), [](std::uint64_t entry) { ++table[entry]; }, at / size);
  }
  comm.barrier();
  // What everybody should have sent to this rank, drawn again.
  std::vector<std::uint32_t> wanted(entries, 0);
  for (int r = 0; r < comm.size(); ++r) {
    Random again(17 + static_cast<std::uint64_t>(r));
    for (std::uint64_t i = 0; i < updates; ++i) {
      const std::uint64_t at = again() % (entries * size);
      if (static_cast<int>(at % size) == comm.rank()) ++wanted[at / size];
    }
  }
  expect(table == wanted, "every increment arrived once");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"order per pair", order_per_pair},
                                 {"random fan-out", random_fan_out},
                                 {"explosion", explosion},
                                 {"broadcasts", broadcasts},
                                 {"lists of destinations", lists_of_destinations},
                                 {"to self", to_self},
                                 {"random increments", random_increments}});
}
