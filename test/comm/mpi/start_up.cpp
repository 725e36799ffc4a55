// What ranks tell each other when a communicator is made, and the pieces it is made of.
// ranks: 1 2 4 8
// variants: host host:2:shm engine:2:shm:2
#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "comm/bootstrap/machine_group.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"
#include "comm/bootstrap/terms.hpp"
#include "comm/mpi_check.hpp"
#include "wire/routes.hpp"

namespace {

/// An operation in which every rank of a communicator tells all others something.
struct ToAll {
  MPI_Comm comm;
  int bytes;
};
std::vector<ToAll> to_all;
int sent_to_one = 0;

}  // namespace

/// Instead of MPI's own: see what Buddy sends.
extern "C" __attribute__((visibility("default"))) int MPI_Allgather(const void* from, int count,
                                                                    MPI_Datatype type, void* to,
                                                                    int to_count,
                                                                    MPI_Datatype to_type,
                                                                    MPI_Comm comm) {
  to_all.push_back({comm, count});
  return PMPI_Allgather(from, count, type, to, to_count, to_type, comm);
}
extern "C" __attribute__((visibility("default"))) int MPI_Iallgatherv(
    const void* from, int count, MPI_Datatype type, void* to, const int counts[],
    const int offsets[], MPI_Datatype to_type, MPI_Comm comm, MPI_Request* request) {
  to_all.push_back({comm, counts[0]});
  return PMPI_Iallgatherv(from, count, type, to, counts, offsets, to_type, comm, request);
}
extern "C" __attribute__((visibility("default"))) int MPI_Isend(const void* from, int count,
                                                                MPI_Datatype type, int to, int tag,
                                                                MPI_Comm comm,
                                                                MPI_Request* request) {
  ++sent_to_one;
  return PMPI_Isend(from, count, type, to, tag, comm, request);
}

namespace {

using buddy::Comm;
using buddy::ErrorCode;
using buddy::Status;
using buddy::comm::MachineGroup;
using buddy::test::expect;
using buddy::test::expect_equal;

/// Agents of a job as \p comm: in host placement every rank, otherwise two on each node.
std::vector<std::uint32_t> nodes_of_agents(const Comm& comm) {
  std::vector<std::uint32_t> node_of_agent;
  const int on_node = comm.placement() == buddy::Placement::host ? 0 : 2;
  for (int node = 0; node < comm.nodes(); ++node) {
    const int ranks = (node + 1) * comm.size() / comm.nodes() - node * comm.size() / comm.nodes();
    const int agents = on_node == 0 ? ranks : std::min(on_node, ranks);
    node_of_agent.insert(node_of_agent.end(), static_cast<std::size_t>(agents),
                         static_cast<std::uint32_t>(node));
  }
  return node_of_agent;
}

// From everybody to everybody go 16 bytes a rank, and addresses to neighbours only.
void little_is_told_to_all(Comm& all) {
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_dup(all.mpi_comm(), &part);
  for (const auto routing : {buddy::Routing::direct, buddy::Routing::grid}) {
    to_all.clear();
    sent_to_one = 0;
    buddy::Options options;
    options.routing = routing;
    const Comm comm(part, options);
    const int sent = sent_to_one;
    int whole = 0;
    for (const ToAll& each : to_all) {
      if (each.comm != comm.mpi_comm()) continue;
      ++whole;
      expect_equal(each.bytes, 16, "bytes to all");
    }
    expect_equal(whole, 1, "gathers over all ranks");
    const buddy::wire::Routes routes(routing, nodes_of_agents(comm));
    const int all_sent = all.all_reduce_sum(sent);
    int channels = 0;
    for (std::uint32_t agent = 0; agent < routes.agents(); ++agent) {
      channels += static_cast<int>(routes.neighbours({agent}).size());
    }
    expect_equal(all_sent, channels, "addresses sent, one for each end of a channel");
  }
  MPI_Comm_free(&part);
}

/// Two machines that MPI takes for one at first.
std::vector<std::string> of_one_colour() {
  std::unordered_map<int, std::string> seen;
  for (int i = 0;; ++i) {
    const std::string name = "machine " + std::to_string(i);
    const auto [it, is_new] = seen.emplace(MachineGroup::colour_of(name), name);
    if (!is_new) return {it->second, name};
  }
}

void groups_are_machines(Comm& comm) {
  std::vector<std::string> machines = of_one_colour();
  machines.emplace_back("another");
  for (std::size_t count = 1; count <= machines.size(); ++count) {
    const auto machine_of = [&](int rank) { return static_cast<std::size_t>(rank) % count; };
    const MachineGroup group(comm.mpi_comm(), machines[machine_of(comm.rank())]);
    std::vector<int> wanted;
    for (int r = 0; r < comm.size(); ++r) {
      if (machine_of(r) == machine_of(comm.rank())) wanted.push_back(r);
    }
    expect(buddy::comm::all_gather_plain(group.comm(), comm.rank()) == wanted,
           "the ranks of a machine, in order, of " + std::to_string(count));
    expect_equal(group.is_first(), wanted.front() == comm.rank(), "the first of them");
  }
}

void peers_exchange_bytes(Comm& comm) {
  const auto bytes_of = [](int rank) {
    return std::vector<std::byte>(static_cast<std::size_t>(rank) * 100,
                                  static_cast<std::byte>(rank));
  };
  for (const int distance : {0, 1, 3}) {  // 0: nobody has peers
    std::vector<int> peers;
    for (int r = 0; r < comm.size(); ++r) {
      if (r != comm.rank() && std::abs(r - comm.rank()) <= distance) peers.insert(peers.begin(), r);
    }
    const auto got = buddy::comm::exchange_bytes(comm.mpi_comm(), peers, bytes_of(comm.rank()));
    expect_equal(got.size(), peers.size(), "parts");
    for (std::size_t i = 0; i < peers.size(); ++i) {
      expect(got[i] == bytes_of(peers[i]), "what rank " + std::to_string(peers[i]) + " sent");
    }
  }
}

void all_hear_the_first_error(Comm& comm) {
  expect(buddy::comm::agree(comm.mpi_comm(), {}).ok(), "all are well");
  for (int first = 0; first < comm.size(); ++first) {
    Status mine;
    if (comm.rank() >= first) {
      mine = {ErrorCode::no_memory, "problem of " + std::to_string(comm.rank())};
    }
    const Status all = buddy::comm::agree(comm.mpi_comm(), mine);
    expect(all.code() == ErrorCode::no_memory, "its code");
    const std::string number = std::to_string(first);
    expect_equal(all.message(), "rank " + number + ": problem of " + number, "message");
  }
}

void all_hear_who_differs_first(Comm& comm) {
  buddy::comm::Terms usual;
  usual.program = "usual";
  expect(buddy::comm::agree_on_terms(comm.mpi_comm(), usual).ok(), "all have the same");
  for (int first = 1; first < comm.size(); ++first) {
    buddy::comm::Terms mine = usual;
    mine.host = std::to_string(comm.rank());
    if (comm.rank() >= first) mine.handlers_digest = static_cast<std::uint64_t>(comm.rank());
    const Status status = buddy::comm::agree_on_terms(comm.mpi_comm(), mine);
    expect(status.code() == ErrorCode::mismatch, "a difference is found");
    const std::string number = std::to_string(first);
    expect(status.message().find("rank 0 (usual on 0) and rank " + number + " (usual on " + number +
                                 ") have different handlers") == 0,
           "both are named: " + status.message());
  }
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  const int result =
      buddy::test::run_cases(argc, argv,
                             {{"little is told to all", little_is_told_to_all},
                              {"groups are machines", groups_are_machines},
                              {"peers exchange bytes", peers_exchange_bytes},
                              {"all hear the first error", all_hear_the_first_error},
                              {"all hear who differs first", all_hear_who_differs_first}});
  MPI_Finalize();
  return result;
}
