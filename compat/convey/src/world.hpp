// What all conveyors of a process share: one communicator, and who is who.
#pragma once

#include <buddy/buddy.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "wire.hpp"

struct conveyor;

namespace buddy::convey {

/// The communicator beneath all conveyors and their numbers.
/// Life: from the first conveyor to MPI_Finalize, or to exit() if nobody but this has called
/// MPI_Init. Errors: buddy::Error. Threads: the one that made it.
class World {
 public:
  /// Collective the first time. Throws Error; also after MPI_Finalize.
  static World& join();
  /// nullptr before join() and after the end.
  static World* current() noexcept;

  World(const World&) = delete;
  World& operator=(const World&) = delete;

  int rank() const noexcept { return comm_->rank(); }
  int size() const noexcept { return comm_->size(); }

  /// Gives \p c the next number: conveyors are made in the same order on all PEs.
  std::uint32_t add(conveyor& c);
  void remove(std::uint32_t number) noexcept { conveyors_.erase(number); }

  /// \param message begins with a PackHeader
  bool try_send(std::size_t dest, std::span<const std::byte> message);
  /// Moves messages. \return whether any arrived
  bool poll() { return comm_->poll() != 0; }
  /// After a push or pull that found no room or no item: polls now and then, for programs that do
  /// nothing else.
  void note_idle_call();
  /// Whether everything sent arrives without further calls.
  bool try_flush() { return comm_->try_flush(); }
  /// For the barriers at the ends of conveyors; MPI_COMM_NULL where none is needed, as PEs do not
  /// forward what others have sent.
  MPI_Comm end_comm() const noexcept { return end_comm_; }
  /// Collective: the least of each value over all PEs.
  void least(std::span<std::int64_t> values);
  /// For callers that find nothing to do again and again: gives the core to others, then sleeps for
  /// a moment.
  void note_progress(bool moved) noexcept;

  /// The job has failed: no conveyor does anything any more.
  void fail(const char* why);
  bool failed() const noexcept { return failed_; }
  const std::string& failure() const noexcept { return failure_; }

 private:
  World();
  ~World();
  void receive(std::span<const std::byte> message);
  static void end() noexcept;
  friend int end_with_mpi(MPI_Comm comm, int key, void* value, void* extra);

  std::unique_ptr<Comm> comm_;
  MPI_Comm end_comm_ = MPI_COMM_NULL;  ///< freed with MPI
  std::unordered_map<std::uint32_t, conveyor*> conveyors_;
  std::uint32_t next_number_ = 0;
  std::uint32_t idle_polls_ = 0;
  std::uint32_t idle_calls_ = 0;
  bool failed_ = false;
  std::string failure_;
};

}  // namespace buddy::convey
