// How a process that sleeps is woken by its neighbours.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "arena/shm_file.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy::arena {

/// State of a doorbell's owner, in shared memory.
enum class Wakefulness : std::uint32_t {
  busy = 0,      ///< has work
  idle = 1,      ///< spins: new work is seen at once, and worth sending in small pieces
  sleeping = 2,  ///< must be rung
};

/// The shared word: alone on its cache lines.
struct alignas(128) DoorbellWord {
  std::atomic<std::uint32_t> state{0};
  std::uint32_t reserved = 0;
  std::atomic<std::uint64_t> rung_ns{0};  ///< CLOCK_MONOTONIC of who rang last
};
static_assert(sizeof(DoorbellWord) == 128);

/// Owner's side: a word in /dev/shm and a FIFO beside it (`PATH` and `PATH.fifo`, both 0600).
/// A FIFO rather than a futex, because engines also wait for sockets and the network.
///
/// Protocol (store-buffering, both sides sequentially consistent): the owner stores `sleeping`,
/// then looks for work once more, then waits; a neighbour publishes work, then reads the word and,
/// if it says `sleeping`, swaps it to `busy` and writes a byte. So work is seen or the byte is
/// written. Threads: the owner's.
class Doorbell {
 public:
  static Result<Doorbell> create(const std::string& path);

  const std::string& path() const noexcept { return file_.path(); }
  int fd() const noexcept { return fifo_.get(); }
  const std::atomic<std::uint32_t>& word() const noexcept { return shared()->state; }

  void set_busy() noexcept { set(Wakefulness::busy); }
  void set_idle() noexcept { set(Wakefulness::idle); }
  /// Says that ringing is needed from now on; look for work once more before sleeping on fd().
  void prepare_sleep() noexcept;
  /// Takes back what was rung. \return when, by the neighbour's clock, ns; 0 if it was not rung
  std::uint64_t clear() noexcept;

  /// Removes the names; who has opened the doorbell keeps it.
  void unlink() noexcept;

 private:
  Doorbell(ShmFile file, UniqueFd fifo) : file_(std::move(file)), fifo_(std::move(fifo)) {}
  DoorbellWord* shared() const noexcept {
    return reinterpret_cast<DoorbellWord*>(file_.bytes().data());
  }
  void set(Wakefulness state) noexcept;

  ShmFile file_;
  UniqueFd fifo_;
};

/// A neighbour's side.
class DoorbellSender {
 public:
  static Result<DoorbellSender> open(const std::string& path);

  /// Call after publishing work with a sequentially consistent store. Cost when the owner is awake:
  /// one load of a line that seldom changes.
  void ring_if_sleeping() noexcept {
    if (shared()->state.load(std::memory_order_seq_cst) == sleeping) [[unlikely]]
      ring();
  }
  const std::atomic<std::uint32_t>& word() const noexcept { return shared()->state; }

 private:
  static constexpr auto sleeping = static_cast<std::uint32_t>(Wakefulness::sleeping);
  DoorbellSender(ShmFile file, UniqueFd fifo) : file_(std::move(file)), fifo_(std::move(fifo)) {}
  DoorbellWord* shared() const noexcept {
    return reinterpret_cast<DoorbellWord*>(file_.bytes().data());
  }
  void ring() noexcept;

  ShmFile file_;
  UniqueFd fifo_;
};

}  // namespace buddy::arena
