// Waiting: barriers, conditions, polling, and objects that handlers find again.
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

std::vector<std::uint64_t> table(1024);

// A remote read: sends a request and waits for its reply, not for anything else.
std::uint64_t fetch(buddy::Comm& comm, int owner, std::uint32_t index) {
  static std::uint64_t value;
  static bool arrived;
  arrived = false;
  const auto reply = [](std::uint64_t found) {
    value = found;
    arrived = true;
  };
  const auto read = [reply](buddy::Comm& there, int asker, std::uint32_t i) {
    there.async(asker, reply, table[i]);
  };
  comm.async(owner, read, comm.rank(), index);
  comm.wait_until([] { return arrived; });  // runs what arrives meanwhile
  return value;
}

// The same object on every rank, without a global variable.
long count_visits(buddy::Comm& comm) {
  long visits = 0;
  const buddy::Handle<long> everywhere = comm.handle(visits);  // collective
  const auto visit = [](buddy::Handle<long> counter) { ++*counter; };
  comm.async_bcast(visit, everywhere);
  comm.barrier();
  return visits;  // one by every rank
}

// Messages, messages that those cause, and messages sent at the last moment: one barrier waits for
// all of them.
int chain(buddy::Comm& comm) {
  static int steps = 0;
  const auto second = [] { ++steps; };
  const auto first = [second](buddy::Comm& there) {
    ++steps;
    there.async(there.rank(), second);
  };
  const std::vector<int> dests = {0, comm.size() - 1};
  comm.async_mcast(dests, first);
  comm.before_barrier([&comm] {
    const auto last = [] { steps += 10; };
    comm.async(comm.rank(), last);
  });
  comm.barrier();
  return steps;
}

}  // namespace

int main(int argc, char** argv) {
  buddy::Comm comm(&argc, &argv);
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = i * i;
  comm.control_barrier();  // every table is filled; says nothing about messages
  bool good = fetch(comm, comm.size() - 1, 7) == 49;
  comm.barrier();
  good = good && count_visits(comm) == comm.size();

  const int steps = comm.all_reduce_sum(chain(comm));
  good = good && steps == comm.size() * (2 + 2 + 10);

  long work = 0;  // between messages a long computation may look for arrivals
  for (int i = 0; i < 1000; ++i) {
    work += i;
    if (i % 100 == 0) comm.poll();
  }
  good = comm.all_reduce_min(good && work > 0 ? 1 : 0) == 1;
  if (comm.rank() == 0) std::printf("waiting: %s\n", good ? "ok" : "wrong");
  return good ? 0 : 1;
}
