// Communicators made again and again for the same ranks use the engines of those before.
// ranks: 1 2 4
// variants: host host:2:shm host:2:ucx engine engine:2:shm:2 engine:2:ucx
#include <sched.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

int gathered = 0;  ///< exchanges of descriptions: what making engines needs, and nothing else here

}  // namespace

/// Instead of MPI's own: counts the calls that Buddy makes.
extern "C" __attribute__((visibility("default"))) int MPI_Iallgatherv(
    const void* from, int count, MPI_Datatype type, void* to, const int counts[],
    const int offsets[], MPI_Datatype to_type, MPI_Comm comm, MPI_Request* request) {
  ++gathered;
  return PMPI_Iallgatherv(from, count, type, to, counts, offsets, to_type, comm, request);
}

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;

std::uint64_t got = 0;

/// Sends and waits, so that a count which does not fit ends in a hang or a wrong sum.
void use(Comm& comm, std::uint64_t messages = 100) {
  got = 0;
  comm.control_barrier();
  for (std::uint64_t i = 0; i < messages; ++i) {
    const int dest = static_cast<int>(i % static_cast<std::uint64_t>(comm.size()));
    comm.async(
        dest, [](std::uint64_t by) { got += by; }, i);
  }
  comm.barrier();
  const auto n = static_cast<std::uint64_t>(comm.size());
  expect_equal(comm.all_reduce_sum(got), n * messages * (messages - 1) / 2, "sum of messages");
}

/// \return whether making \p make's communicator took new engines
template <class Make>
bool makes_engines(Make make) {
  const int before = gathered;
  const auto comm = make();
  const bool made = gathered != before;
  use(*comm);
  return made;
}

std::unique_ptr<Comm> of_world() { return std::make_unique<Comm>(MPI_COMM_WORLD); }

void second_one_finds_engines(Comm&) {
  makes_engines(of_world);
  for (int i = 0; i < 20; ++i) expect(!makes_engines(of_world), "the engines of the one before");
}

/// More messages than rings take, then none, then a large one: positions go on where they were.
void positions_go_on(Comm&) {
  for (int i = 0; i < 3; ++i) {
    {
      Comm full(MPI_COMM_WORLD);
      use(full, 300'000);
      full.async(
          full.size() - 1, [](std::uint64_t by) { got += by; }, std::uint64_t{1});
    }
    { const Comm empty(MPI_COMM_WORLD); }
    Comm large(MPI_COMM_WORLD);
    got = 0;
    large.control_barrier();
    large.async((large.rank() + 1) % large.size(),
                [](const std::string& text) { got += text.size(); }, std::string(1'000'000, 'x'));
    large.barrier();
    large.phase_barrier();
    expect_equal(got, 1'000'000u, "bytes");
  }
}

/// Counters are those of the communicator.
void statistics_begin_at_zero(Comm&) {
  {
    Comm before(MPI_COMM_WORLD);
    use(before, 10'000);
  }
  Comm comm(MPI_COMM_WORLD);
  const buddy::Stats none = comm.stats();
  expect_equal(none.messages_sent + none.messages_handled + none.blocks_sent +
                   none.blocks_received + none.barriers + none.routed_records + none.waves,
               0u, "counts at the beginning");
  comm.control_barrier();
  comm.async(comm.rank(), [] {});
  comm.barrier();
  const buddy::Stats total = comm.stats_total();
  const auto n = static_cast<std::uint64_t>(comm.size());
  expect_equal(total.messages_sent, n, "messages sent");
  expect_equal(total.messages_handled, n, "messages handled");
  expect(total.routed_records >= n && total.routed_records <= 2 * n, "messages routed");
}

/// Several at once have a session each, and give them back in any order.
void several_at_once(Comm&) {
  for (int round = 0; round < 4; ++round) {
    std::vector<std::unique_ptr<Comm>> all;
    for (int i = 0; i < 6; ++i) all.push_back(of_world());
    for (const auto& each : all) use(*each);
    while (!all.empty()) {
      const auto index = static_cast<std::size_t>(round) % all.size();
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(index));
      if (!all.empty()) use(*all.front());
    }
  }
}

/// Other ranks, or the same in another order, have sessions of their own.
void parts(Comm& world) {
  for (int round = 0; round < 3; ++round) {
    for (int colours = 1; colours <= 2; ++colours) {
      MPI_Comm raw = MPI_COMM_NULL;
      MPI_Comm_split(MPI_COMM_WORLD, world.rank() % colours, -world.rank(), &raw);
      {
        Comm part(raw);
        int rank = -1;
        MPI_Comm_rank(raw, &rank);
        expect_equal(part.rank(), rank, "rank in the part");
        use(part);
      }
      MPI_Comm_free(&raw);
    }
    Comm alone(MPI_COMM_SELF);
    use(alone);
    use(world);
  }
}

void other_settings_are_other_engines(Comm& world) {
  makes_engines(of_world);
  // Where a block goes on its way is the rank's own business.
  expect(!makes_engines([] {
    buddy::Options options;
    options.collect_bytes = 512;
    return std::make_unique<Comm>(MPI_COMM_WORLD, options);
  }),
         "engines do not know how much a rank collects");
  if (world.placement() == buddy::Placement::host && world.size() > 1) {
    const auto with_nodes = [&world] {
      buddy::Options options;
      options.nodes = world.nodes() == 1 ? 2 : 1;
      return std::make_unique<Comm>(MPI_COMM_WORLD, options);
    };
    expect(makes_engines(with_nodes), "nodes are part of what engines know");
    expect_equal(with_nodes()->nodes(), world.nodes() == 1 ? 2 : 1, "nodes");
  }
  if (world.placement() != buddy::Placement::engine) return;
  buddy::Options options;
  options.placement = buddy::Placement::host;
  options.fabric = buddy::FabricKind::shm;
  Comm embedded(MPI_COMM_WORLD, options);
  expect(embedded.placement() == buddy::Placement::host, "placement as asked for");
  use(embedded);
}

/// One rank may not use what all others have: nobody does.
void all_or_none(Comm& world) {
  makes_engines(of_world);
  cpu_set_t before;
  ::sched_getaffinity(0, sizeof before, &before);
  if (world.rank() == 0 && CPU_COUNT(&before) > 1) {
    cpu_set_t one;
    CPU_ZERO(&one);
    for (std::size_t cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
      if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
    }
    ::sched_setaffinity(0, sizeof one, &one);
  }
  int moved = CPU_COUNT(&before) > 1 ? 1 : 0;  // rank 0 did
  world.broadcast(moved, 0);
  expect_equal(makes_engines(of_world), moved == 1, "new engines for all");
  ::sched_setaffinity(0, sizeof before, &before);
}

void none_if_so_wished(Comm& world) {
  ::setenv("BUDDY_KEPT_SESSIONS", "0", 1);
  // Those that are kept already are used up first.
  for (int i = 0; i < 8; ++i) makes_engines(of_world);
  expect(makes_engines(of_world), "new engines every time");
  ::setenv("BUDDY_KEPT_SESSIONS", "many", 1);
  buddy::test::expect_error(buddy::ErrorCode::invalid_argument, {"BUDDY_KEPT_SESSIONS=many"},
                            [] { const Comm comm(MPI_COMM_WORLD); });
  ::unsetenv("BUDDY_KEPT_SESSIONS");
  use(world);
  makes_engines(of_world);
  expect(!makes_engines(of_world), "kept again");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(
      argc, argv,
      {{"the second one finds engines", second_one_finds_engines},
       {"positions go on", positions_go_on},
       {"statistics begin at zero", statistics_begin_at_zero},
       {"several at once", several_at_once},
       {"parts", parts},
       {"other settings are other engines", other_settings_are_other_engines},
       {"all or none", all_or_none},
       {"none if so wished", none_if_so_wished}});
}
