// Several communicators, parts of the job, handles, and where ranks are.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:1:shm:2 engine:2:shm:2 engine:2:ucx shared dpu:2:ucx
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::Handle;
using buddy::test::expect;
using buddy::test::expect_equal;

// ---- where ranks are --------------------------------------------------------------------------

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

void places(Comm& comm) {
  int mpi_rank = -1;
  int mpi_size = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &mpi_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &mpi_size);
  expect_equal(comm.rank(), mpi_rank, "rank");
  expect_equal(comm.size(), mpi_size, "size");
  int same = MPI_UNEQUAL;
  MPI_Comm_compare(comm.mpi_comm(), MPI_COMM_WORLD, &same);
  expect_equal(same, MPI_CONGRUENT, "comparison of the MPI communicator with the one given");

  const bool engine = variable("BUDDY_PLACEMENT", "host") == "engine";
  const bool ucx = variable("BUDDY_FABRIC", "shm") == "ucx";
  expect(comm.placement() == (engine ? buddy::Placement::engine : buddy::Placement::host),
         "placement as asked for");
  expect(comm.fabric() == (ucx ? buddy::FabricKind::ucx : buddy::FabricKind::shm),
         "fabric as asked for");
  expect(engine ? comm.workers() > 0 : comm.workers() == 0, "workers of the engine");
  const int nodes = std::stoi(variable("BUDDY_NODES", "1"));
  expect_equal(comm.nodes(), nodes, "nodes");
  // Contiguous groups of nearly equal size, numbered upwards.
  expect_equal(comm.node(), comm.rank() * nodes / comm.size(), "node");
  std::vector<int> wanted;
  for (int r = 0; r < comm.size(); ++r) {
    if (r * nodes / comm.size() == comm.node()) wanted.push_back(r);
  }
  const auto mine = comm.ranks_of_node();
  expect(std::equal(mine.begin(), mine.end(), wanted.begin(), wanted.end()), "ranks of this node");
}

// ---- handles ----------------------------------------------------------------------------------

struct Counter {
  int value = 0;
  std::vector<std::string> notes;
};

void handles(Comm& comm) {
  Counter first;
  Counter second;
  std::map<std::string, int> words;
  const Handle<Counter> a = comm.handle(first);
  const Handle<Counter> b = comm.handle(second);
  const Handle<std::map<std::string, int>> dictionary = comm.handle(words);
  for (int dest = 0; dest < comm.size(); ++dest) {
    comm.async(
        dest, [](Handle<Counter> to, int by) { to->value += by; }, a, 1);
    comm.async(
        dest, [](Handle<Counter> to, int by) { (*to).value += by; }, b, 100);
    comm.async(
        dest, [b](const std::string& note) { b->notes.push_back(note); },
        "from " + std::to_string(comm.rank()));
    comm.async(
        dest, [](Handle<std::map<std::string, int>> to, const std::string& word) { ++(*to)[word]; },
        dictionary, std::string("word"));
  }
  comm.barrier();
  expect_equal(first.value, comm.size(), "first object");
  expect_equal(second.value, 100 * comm.size(), "second object");
  expect_equal(second.notes.size(), static_cast<std::size_t>(comm.size()), "notes");
  expect_equal(words["word"], comm.size(), "words");
  comm.control_barrier();
}

/// Ranks with handles of their own: numbers must not collide with those of all.
void handles_of_parts(Comm& comm) {
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, comm.rank() % 2, comm.rank(), &half);
  {
    Comm part(half);
    std::vector<int> extra(static_cast<std::size_t>(comm.rank() % 2 == 0 ? 3 : 0));
    for (int& each : extra) part.handle(each);
    int in_all = 0;
    int in_part = 0;
    const Handle<int> of_all = comm.handle(in_all);
    const Handle<int> of_part = part.handle(in_part);
    comm.async_bcast([](Handle<int> to) { ++*to; }, of_all);
    part.async_bcast([](Handle<int> to) { *to += 10; }, of_part);
    part.barrier();
    comm.barrier();
    expect_equal(in_all, comm.size(), "object of all");
    expect_equal(in_part, 10 * part.size(), "object of the part");
    comm.control_barrier();
  }
  MPI_Comm_free(&half);
}

// ---- parts of the job -------------------------------------------------------------------------

std::vector<int> heard;

void expect_heard_from(const Comm& part, const std::string& what) {
  std::sort(heard.begin(), heard.end());
  std::vector<int> wanted;
  for (int r = 0; r < part.size(); ++r) wanted.push_back(r);
  expect(heard == wanted, "heard from every rank of " + what);
}

void talk(Comm& part, const std::string& what) {
  heard.clear();
  part.control_barrier();
  part.async_bcast([](int from) { heard.push_back(from); }, part.rank());
  part.barrier();
  expect_heard_from(part, what);
  part.control_barrier();
}

void alone(Comm& comm) {
  Comm self(MPI_COMM_SELF);
  expect_equal(self.size(), 1, "size");
  expect_equal(self.rank(), 0, "rank");
  expect_equal(self.nodes(), 1, "nodes");
  expect_equal(self.node(), 0, "node");
  expect(self.placement() == comm.placement(), "placement as for all");
  talk(self, "one");
  int sum = 0;
  const Handle<int> handle = self.handle(sum);
  for (int i = 0; i < 100'000; ++i)
    self.async(
        0, [](Handle<int> to) { ++*to; }, handle);
  self.barrier();
  expect_equal(sum, 100'000, "messages to itself");
  expect_equal(self.all_reduce_sum(3), 3, "sum of one");
}

void split(Comm& comm) {
  for (int colours = 1; colours <= comm.size(); ++colours) {
    MPI_Comm raw = MPI_COMM_NULL;
    // Ranks in reverse, so that numbers differ between the communicators.
    MPI_Comm_split(MPI_COMM_WORLD, comm.rank() % colours, -comm.rank(), &raw);
    {
      Comm part(raw);
      talk(part, "a part");
      expect_equal(part.all_reduce_max(comm.rank()) % colours, comm.rank() % colours,
                   "colour of the part");
      talk(comm, "all");
    }
    MPI_Comm_free(&raw);
  }
}

void two_at_once(Comm& comm) {
  Comm other(MPI_COMM_WORLD);
  Comm third(comm.mpi_comm());
  expect_equal(other.size(), comm.size(), "size");
  int sums[3] = {};
  const Handle<int[3]> handle = comm.handle(sums);
  const int next = (comm.rank() + 1) % comm.size();
  for (int i = 0; i < 2'000; ++i) {
    comm.async(
        next, [](Handle<int[3]> to) { (*to)[0] += 1; }, handle);
    other.async(
        next,
        [](Comm& c, Handle<int[3]> to, int from) {
          (*to)[1] += 1;
          c.async(
              from, [](Handle<int[3]> back) { (*back)[2] += 1; }, to);
        },
        handle, comm.rank());
  }
  other.barrier();
  expect_equal(sums[1], 2'000, "messages of the second");
  expect_equal(sums[2], 2'000, "answers through the second");
  comm.barrier();
  expect_equal(sums[0], 2'000, "messages of the first");
  third.barrier();
  expect_equal(third.stats().messages_sent, 0u, "messages of the third");
  expect_equal(other.stats().messages_handled, 4'000u, "messages handled by the second");
  comm.control_barrier();
}

void many_in_turn(Comm& comm) {
  for (int i = 0; i < 10; ++i) {
    Comm again(MPI_COMM_WORLD);
    talk(again, "the next communicator");
  }
  talk(comm, "the first communicator");
}

/// Handlers get the communicator their message came through.
void handlers_know_their_communicator(Comm& comm) {
  Comm self(MPI_COMM_SELF);
  static const Comm* seen = nullptr;
  self.async(0, [](Comm& c) { seen = &c; });
  self.barrier();
  expect(seen == &self, "the communicator of a message to itself");
  comm.async(comm.rank(), [](Comm& c) { seen = &c; });
  comm.barrier();
  expect(seen == &comm, "the communicator of all");
}

/// What a program says beats the environment; nodes() follows.
void options(Comm& comm) {
  {
    Comm embedded(MPI_COMM_WORLD, {.placement = buddy::Placement::host});
    expect(embedded.placement() == buddy::Placement::host, "placement by option");
    expect_equal(embedded.workers(), 0, "workers in host placement");
    talk(embedded, "host placement");
  }
  {
    Comm spread(MPI_COMM_WORLD, {.placement = buddy::Placement::host,
                                 .fabric = buddy::FabricKind::shm,
                                 .nodes = comm.size()});
    expect_equal(spread.nodes(), comm.size(), "nodes by option");
    expect_equal(spread.node(), comm.rank(), "node of its own");
    expect_equal(spread.ranks_of_node().size(), 1u, "ranks of a node of its own");
    talk(spread, "nodes of their own");
  }
  for (const int nodes : {0, -3, comm.size() + 1, 1 << 30}) {
    buddy::test::expect_error(buddy::ErrorCode::invalid_argument, {std::to_string(nodes), "nodes"},
                              [&] { const Comm wrong(MPI_COMM_WORLD, {.nodes = nodes}); });
  }
  talk(comm, "all after refusals");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(
      argc, argv,
      {{"places", places},
       {"handles", handles},
       {"handles of parts", handles_of_parts},
       {"alone", alone},
       {"split", split},
       {"two at once", two_at_once},
       {"many in turn", many_in_turn},
       {"handlers know their communicator", handlers_know_their_communicator},
       {"options", options}});
}
