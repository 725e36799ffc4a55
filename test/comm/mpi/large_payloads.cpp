// Payloads from a byte to 64 MiB, to others and to the sender, from the program and from handlers.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm:2 engine:2:ucx shared dpu
#include <array>
#include <cstdint>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect_equal;

using Bytes = std::vector<std::uint8_t>;

/// Differs from place to place and from sender to sender.
std::uint8_t byte_at(std::uint64_t seed, std::size_t at) {
  return static_cast<std::uint8_t>((seed * 131 + at * 7) ^ (at >> 8) ^ (at >> 17));
}

Bytes make(std::uint64_t seed, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = byte_at(seed, i);
  return bytes;
}

std::uint64_t arrived = 0;
std::uint64_t damaged = 0;

void check(std::uint64_t seed, std::size_t size, const Bytes& got) {
  ++arrived;
  bool same = got.size() == size;
  for (std::size_t i = 0; same && i < size; ++i) same = got[i] == byte_at(seed, i);
  if (!same) ++damaged;
}

struct Check {
  void operator()(std::uint64_t seed, std::uint64_t size, const Bytes& got) const {
    check(seed, size, got);
  }
};

void expect_arrived(std::uint64_t count, const char* what) {
  expect_equal(arrived, count, std::string(what) + " that arrived");
  expect_equal(damaged, 0u, std::string(what) + " that were damaged");
  arrived = 0;
  damaged = 0;
}

void all_small_sizes(Comm& comm) {
  const auto self = static_cast<std::uint64_t>(comm.rank());
  std::uint64_t sent = 0;
  // Around every border: items, fragments, blocks, rings.
  constexpr std::array<std::size_t, 10> borders = {0,     1,     64,    4096,   8192,
                                                   16384, 32768, 65536, 131072, 262144};
  for (const std::size_t border : borders) {
    for (std::size_t size = border < 40 ? 0 : border - 40; size <= border + 40; size += 1) {
      comm.async(static_cast<int>(size % static_cast<std::size_t>(comm.size())), Check(), self,
                 size, make(self, size));
      ++sent;
    }
  }
  comm.barrier();
  const std::uint64_t all = comm.all_reduce_sum(sent);
  expect_equal(comm.all_reduce_sum(arrived), all, "payloads that arrived");
  expect_equal(damaged, 0u, "payloads that were damaged");
  arrived = 0;
  comm.control_barrier();
}

void growing(Comm& comm) {
  const auto self = static_cast<std::uint64_t>(comm.rank());
  const int next = (comm.rank() + 1) % comm.size();
  for (std::size_t size = 1; size <= (std::size_t{64} << 20); size *= 8) {
    comm.async(next, Check(), self, size, make(self, size));
  }
  comm.barrier();
  expect_arrived(9, "growing payloads");
  comm.control_barrier();
}

/// Everybody to everybody at once: several unfinished messages per receiver.
void everybody_at_once(Comm& comm) {
  const auto self = static_cast<std::uint64_t>(comm.rank());
  for (int round = 0; round < 3; ++round) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      comm.async(dest, Check(), self, std::size_t{2} << 20, make(self, std::size_t{2} << 20));
      comm.async(
          dest, [](std::uint64_t) { ++arrived; }, self);
    }
  }
  comm.barrier();
  expect_arrived(6 * static_cast<std::uint64_t>(comm.size()), "payloads");
  comm.control_barrier();
}

/// While a rank sends a large message it runs handlers, which send large messages too.
void handlers_answer_in_kind(Comm& comm) {
  const auto self = static_cast<std::uint64_t>(comm.rank());
  constexpr std::size_t size = 1 << 20;
  const int count = 4;
  for (int i = 0; i < count; ++i) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      comm.async(
          dest,
          [](Comm& c, std::uint64_t seed, int from, const Bytes& got) {
            check(seed, size, got);
            c.async(from, Check(), seed + 1, size + 1, make(seed + 1, size + 1));
          },
          self, comm.rank(), make(self, size));
    }
  }
  comm.barrier();
  expect_arrived(2 * count * static_cast<std::uint64_t>(comm.size()), "payloads and answers");
  comm.control_barrier();
}

/// Large and small, in order: the small one behind may not overtake.
void order(Comm& comm) {
  static std::vector<std::uint64_t> last;
  last.assign(static_cast<std::size_t>(comm.size()), 0);
  static int late = 0;
  comm.control_barrier();
  for (std::uint64_t i = 1; i <= 60; ++i) {
    for (int dest = 0; dest < comm.size(); ++dest) {
      const auto note = [](int from, std::uint64_t number) {
        std::uint64_t& before = last[static_cast<std::size_t>(from)];
        late += number == before + 1 ? 0 : 1;
        before = number;
      };
      if (i % 3 == 0) {
        comm.async(
            dest, [note](int from, std::uint64_t number, const Bytes&) { note(from, number); },
            comm.rank(), i, Bytes(i % 2 == 0 ? 100'000 : 9'000));
      } else {
        comm.async(dest, note, comm.rank(), i);
      }
    }
  }
  comm.barrier();
  expect_equal(late, 0, "messages out of order");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"all small sizes", all_small_sizes},
                                 {"growing", growing},
                                 {"everybody at once", everybody_at_once},
                                 {"handlers answer in kind", handlers_answer_in_kind},
                                 {"order", order}});
}
