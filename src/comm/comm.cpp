#include <algorithm>
#include <buddy/comm.hpp>
#include <cstring>
#include <string>
#include <utility>

#include "comm/bootstrap/mpi_exchange.hpp"
#include "comm/bootstrap/mpi_life.hpp"
#include "comm/comm_state.hpp"
#include "comm/objects.hpp"
#include "comm/observe/stats.hpp"

namespace buddy {
Comm::Comm(int* argc, char*** argv, const Options& options)
    : owns_mpi_(comm::initialise_mpi(argc, argv)),
      state_(std::make_unique<detail::CommState>(*this, MPI_COMM_WORLD, options)) {
  rank_ = state_->rank();
  size_ = state_->size();
}

Comm::Comm(MPI_Comm parent, const Options& options)
    : state_(std::make_unique<detail::CommState>(*this, parent, options)) {
  rank_ = state_->rank();
  size_ = state_->size();
}

Comm::~Comm() {
  const bool in_order = state_->leave();
  state_.reset();
  if (owns_mpi_ && in_order) comm::finalise_mpi();
}

int Comm::node() const noexcept { return state_->node(); }
int Comm::nodes() const noexcept { return state_->nodes(); }
std::span<const int> Comm::ranks_of_node() const noexcept { return state_->ranks_of_node(); }
Placement Comm::placement() const noexcept { return state_->settings().placement; }
FabricKind Comm::fabric() const noexcept { return state_->job().map.carrier(); }
Routing Comm::routing() const noexcept { return state_->job().map.routing; }
int Comm::workers() const noexcept { return state_->workers(); }
MPI_Comm Comm::mpi_comm() const noexcept { return state_->mpi(); }

// ---- messages -------------------------------------------------------------------------------

void Comm::throw_bad_destination(int dest) const {
  throw Error(ErrorCode::invalid_argument, "rank " + std::to_string(rank_) + " sends to rank " +
                                               std::to_string(dest) + " (the job has ranks 0 to " +
                                               std::to_string(size_ - 1) +
                                               ") correct the destination");
}

void Comm::publish_to_idle_engine() { state_->endpoint().publish_to_idle_engine(); }

std::vector<std::byte> Comm::take_buffer() noexcept { return std::move(state_->buffer()); }

void Comm::give_buffer(std::vector<std::byte> buffer) noexcept {
  constexpr std::size_t most_kept_bytes = 1u << 20;
  if (buffer.capacity() <= most_kept_bytes) state_->buffer() = std::move(buffer);
}

void Comm::send_packed(int dest, std::uint32_t handler, std::span<const std::byte> payload,
                       bool is_fixed) {
  state_->check(handler, payload);
  state_->endpoint().send(static_cast<std::uint32_t>(dest), handler, is_fixed, payload);
}

bool Comm::try_send(int dest, std::uint32_t handler, std::span<const std::byte> bytes) {
  if (bytes.size() > max_try_bytes) {
    throw Error(ErrorCode::invalid_argument,
                "try_async() of " + std::to_string(bytes.size()) + " bytes (at most " +
                    std::to_string(max_try_bytes) + " travel in one piece) send several pieces");
  }
  return state_->endpoint().try_send(static_cast<std::uint32_t>(dest), handler, bytes);
}

bool Comm::try_flush() { return state_->endpoint().try_flush(); }
std::size_t Comm::poll() { return state_->endpoint().poll(); }
void Comm::wait_for_progress() { state_->endpoint().wait_for_progress(); }
void Comm::barrier() { state_->endpoint().barrier(); }
void Comm::phase_barrier() { state_->endpoint().phase_barrier(); }
void Comm::hold_handlers(bool hold) noexcept { state_->endpoint().hold_handlers(hold); }
void Comm::before_barrier(std::function<void()> callback) {
  state_->before_barrier(std::move(callback));
}

// ---- collectives over MPI -------------------------------------------------------------------

void Comm::control_barrier() {
  state_->expect_collective();
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(state_->mpi(), &request);
  state_->wait_for_mpi(request);
}

void Comm::wait_for(MPI_Request& request, MPI_Status* status) {
  state_->expect_mpi();
  state_->wait_for_mpi(request, {}, status);
}

void Comm::all_reduce_in_place(void* value, MPI_Datatype type, MPI_Op op) {
  state_->expect_collective();
  int size = 0;
  MPI_Type_size(type, &size);
  const auto bytes = static_cast<std::size_t>(size);
  auto memory = std::make_shared<std::vector<std::byte>>(bytes);
  std::memcpy(memory->data(), value, bytes);
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(MPI_IN_PLACE, memory->data(), 1, type, op, state_->mpi(), &request);
  state_->wait_for_mpi(request, memory);
  std::memcpy(value, memory->data(), bytes);
}

std::vector<std::vector<std::byte>> Comm::all_gather(std::span<const std::byte> mine) {
  state_->expect_collective();
  return comm::all_gather_bytes(state_->mpi(), mine, state_->mpi_wait());
}

void Comm::broadcast_bytes(std::vector<std::byte>& bytes, int root) {
  state_->expect_collective();
  if (static_cast<unsigned>(root) >= static_cast<unsigned>(size_)) throw_bad_destination(root);
  bytes = comm::broadcast_bytes(state_->mpi(), std::move(bytes), root, state_->mpi_wait());
}

std::uint32_t Comm::register_object(void* object) {
  const std::uint32_t id = state_->next_handle();
  detail::store_object(id, object);
  control_barrier();  // nobody sends the handle to a rank that does not know it yet
  return id;
}

// ---- profiling ------------------------------------------------------------------------------

Region::Region(Comm& comm) : comm_(comm) {
  if (auto* profiler = comm_.state_->profiler()) profiler->begin();
}

Region::~Region() {
  if (auto* profiler = comm_.state_->profiler()) profiler->end();
}

// ---- statistics -----------------------------------------------------------------------------

Stats Comm::stats() const { return state_->stats(); }

Stats Comm::stats_total() {
  const Stats mine = detail::engine_counted_once(state_->stats(), state_->is_representative());
  Stats total = all_reduce(mine, detail::combine);
  return total;
}

}  // namespace buddy
