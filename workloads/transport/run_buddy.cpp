#include <optional>

#include "common/program.hpp"
#include "common/rounds.hpp"
#include "transport/run.hpp"
#include "transport/simulation.hpp"

namespace workloads::transport {
namespace {

class Messages;

/// This rank's simulation. Handlers find it here: naming it in every message would cost 4 bytes.
Simulation<Messages>* local_simulation = nullptr;
Messages* local_messages = nullptr;

/// Carries particles as messages of Buddy.
class Messages {
 public:
  explicit Messages(buddy::Comm& comm) : comm_(comm) {}

  void send(int rank, const Particle& particle);
  void poll() { comm_.poll(); }
  /// Those that wait here run what arrives: the particles still on their way are followed inside
  /// the barrier, and it ends with the last of them.
  void finish_cycle() { comm_.barrier(); }
  /// By messages, because whoever waits for them sleeps, unlike in MPI's reductions.
  std::uint64_t sum(std::uint64_t value);

  void add(std::uint64_t value) noexcept { sum_ += value; }
  void count_taken() noexcept { ++taken_; }
  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  buddy::Comm& comm_;
  std::uint64_t sum_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t taken_ = 0;
};

struct Arrive {
  void operator()(Particle& particle) const {
    local_messages->count_taken();
    local_simulation->arrive(particle);
  }
};

struct PrefetchTable {
  const void* operator()(const Particle& particle) const noexcept {
    return local_simulation->first_touched(particle);
  }
};

void Messages::send(int rank, const Particle& particle) {
  ++sent_;
  comm_.async(rank, buddy::with_prefetch(Arrive{}, PrefetchTable{}), particle);
}

std::uint64_t Messages::sum(std::uint64_t value) {
  comm_.async_bcast([](std::uint64_t part) { local_messages->add(part); }, value);
  comm_.barrier();
  const std::uint64_t result = sum_;
  sum_ = 0;
  return result;
}

}  // namespace

Outcome run_buddy(buddy::Comm& comm, const Problem& problem, const Decomposition& decomposition,
                  std::uint64_t rounds) {
  Messages messages(comm);
  local_messages = &messages;
  std::optional<Simulation<Messages>> simulation;
  const Simulation<Messages>::Role role{decomposition, comm.rank(), decomposition, comm.rank()};
  Outcome outcome;
  outcome.result = timed_rounds(
      comm, rounds,
      [&] {
        simulation.emplace(problem, role, messages);
        local_simulation = &*simulation;
      },
      [&] { simulation->run(); });
  outcome.sent = sum_over_ranks(messages.sent(), comm.mpi_comm());
  outcome.taken = sum_over_ranks(messages.taken(), comm.mpi_comm());
  outcome.answer = gather(comm.mpi_comm(), problem.mesh, decomposition, comm.rank(),
                          simulation->tallies(), simulation->cycles());
  return outcome;
}

}  // namespace workloads::transport
