#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>

#include "common/program.hpp"
#include "common/rounds.hpp"
#include "transport/run.hpp"
#include "transport/simulation.hpp"

namespace workloads::transport {
namespace {

/// Carries particles in bulk, when every rank has done all it can.
class Exchange {
 public:
  explicit Exchange(MPI_Comm comm)
      : comm_(comm), leaving_(static_cast<std::size_t>(comm_size(comm))) {
    MPI_Type_contiguous(static_cast<int>(sizeof(Particle)), MPI_BYTE, &type_);
    MPI_Type_commit(&type_);
  }
  ~Exchange() { MPI_Type_free(&type_); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void attach(Simulation<Exchange>& simulation) noexcept { simulation_ = &simulation; }
  void send(int rank, const Particle& particle) {
    ++sent_;
    leaving_[static_cast<std::size_t>(rank)].push_back(particle);
  }
  void poll() const noexcept {}
  void finish_cycle() {
    while (exchange()) {
      taken_ += arrived_.size();
      for (Particle& particle : arrived_) simulation_->arrive(particle);
    }
  }
  std::uint64_t sum(std::uint64_t value) { return sum_over_ranks(value, comm_); }

  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  /// \return whether any rank had something to send
  bool exchange();

  MPI_Comm comm_;
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
  Simulation<Exchange>* simulation_ = nullptr;
  std::vector<std::vector<Particle>> leaving_;  ///< by destination
  std::vector<Particle> packed_;
  std::vector<Particle> arrived_;
  std::uint64_t sent_ = 0;
  std::uint64_t taken_ = 0;
};

/// \return where each part begins if they lie one behind the other
std::vector<int> offsets_of(const std::vector<int>& counts) {
  std::vector<int> offsets(counts.size());
  std::int64_t at = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    offsets[i] = static_cast<int>(at);
    at += counts[i];
    if (at > std::numeric_limits<int>::max()) {
      throw std::runtime_error(
          "too many particles leave a rank at once (MPI counts to 2^31) use fewer --particles");
    }
  }
  return offsets;
}

bool Exchange::exchange() {
  packed_.clear();
  std::vector<int> send_counts;
  for (std::vector<Particle>& list : leaving_) {
    send_counts.push_back(static_cast<int>(list.size()));
    packed_.insert(packed_.end(), list.begin(), list.end());
    list.clear();
  }
  if (sum_over_ranks(std::uint64_t{packed_.size()}, comm_) == 0) return false;
  std::vector<int> receive_counts(send_counts.size());
  MPI_Alltoall(send_counts.data(), 1, MPI_INT, receive_counts.data(), 1, MPI_INT, comm_);
  const std::vector<int> send_offsets = offsets_of(send_counts);
  const std::vector<int> receive_offsets = offsets_of(receive_counts);
  arrived_.resize(static_cast<std::size_t>(receive_offsets.back()) +
                  static_cast<std::size_t>(receive_counts.back()));
  MPI_Alltoallv(packed_.data(), send_counts.data(), send_offsets.data(), type_, arrived_.data(),
                receive_counts.data(), receive_offsets.data(), type_, comm_);
  return true;
}

}  // namespace

Outcome run_alltoallv(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition,
                      std::uint64_t rounds) {
  const int rank = comm_rank(comm);
  Exchange exchange(comm);
  std::optional<Simulation<Exchange>> simulation;
  const Simulation<Exchange>::Role role{decomposition, rank, decomposition, rank};
  Outcome outcome;
  outcome.result = timed_rounds(
      comm, rounds,
      [&] {
        simulation.emplace(problem, role, exchange);
        exchange.attach(*simulation);
      },
      [&] { simulation->run(); });
  outcome.sent = sum_over_ranks(exchange.sent(), comm);
  outcome.taken = sum_over_ranks(exchange.taken(), comm);
  outcome.result.messages = outcome.sent;
  outcome.result.payload_bytes = outcome.sent * sizeof(Particle);
  outcome.answer =
      gather(comm, problem.mesh, decomposition, rank, simulation->tallies(), simulation->cycles());
  return outcome;
}

}  // namespace workloads::transport
