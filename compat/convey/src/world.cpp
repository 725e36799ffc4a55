#include "world.hpp"

#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "conveyor.hpp"

namespace buddy::convey {
namespace {

/// Polls without progress after which a PE lets others have the core, and after which it sleeps for
/// a moment: the one where cores are shared, the other where nothing comes for about a millisecond.
/// Not until a message comes: a program may count its calls, or wait for something else besides.
constexpr std::uint32_t polls_before_yielding = 64;
constexpr std::uint32_t polls_before_sleeping = 1024;
constexpr useconds_t nap_us = 50;

/// A program's loop has one or two of them and an advance, which polls.
constexpr std::uint32_t idle_calls_per_poll = 16;

World* the_world = nullptr;
bool has_ended = false;

bool mpi_is_initialised() {
  int yes = 0;
  MPI_Initialized(&yes);
  return yes != 0;
}

}  // namespace

/// MPI_Finalize deletes what is attached to MPI_COMM_SELF, the last first.
int end_with_mpi(MPI_Comm /*comm*/, int /*key*/, void* /*value*/, void* /*extra*/) {
  World::end();
  return MPI_SUCCESS;
}

World& World::join() {
  if (the_world != nullptr) return *the_world;
  if (has_ended) {
    throw Error(ErrorCode::invalid_argument,
                "a conveyor after the end of MPI (messages need it) make it before");
  }
  the_world = new World;
  return *the_world;
}

World* World::current() noexcept { return the_world; }

World::World() {
  if (mpi_is_initialised()) {
    comm_ = std::make_unique<Comm>(MPI_COMM_WORLD);
  } else {
    comm_ = std::make_unique<Comm>(nullptr, nullptr);
    std::atexit([] { World::end(); });
  }
  if (comm_->placement() == Placement::host && comm_->routing() != Routing::direct) {
    MPI_Comm_dup(comm_->mpi_comm(), &end_comm_);
  }
  // Behind the communicator's own hook, so that it runs before.
  int key = MPI_KEYVAL_INVALID;
  MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, end_with_mpi, &key, nullptr);
  MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr);
  MPI_Comm_free_keyval(&key);
}

World::~World() = default;

void World::end() noexcept {
  if (std::exchange(has_ended, true) || the_world == nullptr) return;
  for (auto& [number, each] : the_world->conveyors_) each->stop();
  delete the_world;  // the last credits still arrive
  the_world = nullptr;
}

std::uint32_t World::add(conveyor& c) {
  const std::uint32_t number = next_number_++;
  conveyors_.emplace(number, &c);
  return number;
}

bool World::try_send(std::size_t dest, std::span<const std::byte> message) {
  const auto receiver = [](std::span<const std::byte> bytes) { the_world->receive(bytes); };
  return comm_->try_async(static_cast<int>(dest), receiver, message);
}

void World::receive(std::span<const std::byte> message) {
  PackHeader header{};
  if (message.size() >= sizeof header) {
    std::memcpy(&header, message.data(), sizeof header);
    const auto found = conveyors_.find(header.conveyor);
    if (found != conveyors_.end()) {
      return found->second->receive(header, message.subspan(sizeof header));
    }
    // It was freed here while the last credits were under way.
    if ((header.kind & ((1u << kind_bits) - 1)) == kind_credit) return;
  }
  throw Error(ErrorCode::corrupt,
              "PE " + std::to_string(rank()) +
                  " received items of a conveyor that it does not have (constructors, begin, reset "
                  "and free are collective) let all PEs call them in the same order");
}

void World::least(std::span<std::int64_t> values) {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT64_T, MPI_MIN,
                 comm_->mpi_comm(), &request);
  comm_->wait_for(request);
}

void World::note_progress(bool moved) noexcept {
  if (moved) {
    idle_polls_ = 0;
  } else if (++idle_polls_ > polls_before_sleeping) {
    ::usleep(nap_us);
  } else if (idle_polls_ > polls_before_yielding) {
    ::sched_yield();
  }
}

void World::note_idle_call() {
  if (++idle_calls_ % idle_calls_per_poll == 0) poll();
}

void World::fail(const char* why) {
  if (std::exchange(failed_, true)) return;
  failure_ = why;
  for (auto& [number, each] : conveyors_) each->stop();
}

}  // namespace buddy::convey
