#include <stdexcept>

#include "common/program.hpp"
#include "transport/run.hpp"
#include "transport/simulation.hpp"

namespace workloads::transport {
namespace {

/// The mesh is in one piece, so there is nowhere to carry anything.
class Nothing {
 public:
  explicit Nothing(MPI_Comm comm) : comm_(comm) {}
  void send(int /*rank*/, const Particle& /*particle*/) const {
    throw std::logic_error("a particle has left the mesh (this is a bug) report it");
  }
  void poll() const noexcept {}
  void finish_cycle() const noexcept {}
  std::uint64_t sum(std::uint64_t value) { return sum_over_ranks(value, comm_); }

 private:
  MPI_Comm comm_;
};

}  // namespace

Answer replay(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition) {
  const Decomposition whole(problem.mesh, {});
  Nothing nothing(comm);
  Simulation<Nothing> simulation(problem, {decomposition, comm_rank(comm), whole, 0}, nothing);
  simulation.run();
  return gather(comm, problem.mesh, whole, 0, simulation.tallies(), simulation.cycles());
}

}  // namespace workloads::transport
