// Notices that this rank has been waiting for long, finds out for whom, and says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "arena/rank_slot.hpp"
#include "base/status.hpp"
#include "transport/channel.hpp"
#include "wire/roll_call.hpp"

namespace buddy::comm {

/// "ranks 0, 2-3 wait in barrier 2, rank 1 has left".
/// \param places by rank; nothing where there was no answer
std::string describe_places(const std::vector<std::optional<wire::RankPlace>>& places);

/// Waiting is long when nothing has moved for so long. Then the engines are asked where everybody
/// is (RollCall), and one second later, or when all have answered, the lowest of the ranks that
/// wait for long tells it; once a minute. Engines of ranks that compute do not answer in host
/// placement. Threads: the rank's. Times: CLOCK_MONOTONIC, given by the caller.
class WaitWatch {
 public:
  struct Options {
    std::uint32_t rank = 0;
    std::uint32_t ranks = 1;
    std::uint64_t barriers_before = 0;  ///< of the engine, before this communicator
    std::uint64_t notice_ns = 0;        ///< 0: never says anything
    std::uint64_t hang_ns = 0;          ///< after so long waiting is an error; 0: never
    std::function<void(const std::string&)> say;
  };
  /// \param slot where others see what this rank does; must outlive this
  WaitWatch(Options options, arena::RankSlot& slot);

  /// The rank begins to wait. Cost: three stores.
  /// \param barrier it is in, or passed last, as the engine counts
  void enter(wire::Where where, std::uint64_t barrier) noexcept;
  /// It goes on. \param barrier passed last
  void leave(std::uint64_t barrier) noexcept;
  /// From now on whatever it waits for is leaving.
  void set_leaving() noexcept { leaving_ = true; }
  wire::Where where() const noexcept { return where_; }
  /// While it waits it runs messages, or has done so. Cost: a store.
  void set_running(bool running) noexcept {
    if (where_ != wire::Where::elsewhere) show(running ? wire::Where::handlers : where_);
  }

  /// Call now and then while waiting.
  /// \param moved counts what this rank has done so far
  /// \param channel to the engine
  /// \return timeout when the limit for waiting has passed
  Status look(std::uint64_t now_ns, std::uint64_t moved, transport::Channel& channel);
  /// An engine's answer. \return false if it is damaged
  bool hear(std::span<const std::byte> body);

 private:
  void show(wire::Where where) noexcept {
    slot_.where.store(static_cast<std::uint32_t>(where), std::memory_order_relaxed);
  }
  void begin(std::uint64_t now_ns, std::uint64_t moved) noexcept;
  void ask(std::uint64_t now_ns, transport::Channel& channel);
  bool everybody_answered() const noexcept;
  bool is_for_me_to_say() const noexcept;
  bool somebody_moves() const noexcept;
  Status conclude(std::uint64_t waited_ns);

  Options options_;
  arena::RankSlot& slot_;
  wire::Where where_ = wire::Where::elsewhere;
  bool leaving_ = false;
  std::uint64_t since_ns_ = 0;  ///< 0: to be found out
  std::uint64_t looked_ns_ = 0;
  std::uint64_t moved_ = 0;
  std::uint64_t next_notice_ns_ = 0;  ///< of waiting
  std::uint64_t next_hang_ns_ = 0;
  std::uint64_t asked_ns_ = 0;                          ///< 0: not asked
  std::vector<std::optional<wire::RankPlace>> places_;  ///< by rank
};

/// Marks a wait, unless it is inside another one. \p watch may be nullptr.
class WaitScope {
 public:
  WaitScope(WaitWatch* watch, wire::Where where, const std::uint64_t& passed)
      : watch_(watch != nullptr && watch->where() == wire::Where::elsewhere ? watch : nullptr),
        passed_(passed) {
    const bool in_barrier = where == wire::Where::barrier;
    if (watch_ != nullptr) watch_->enter(where, passed + (in_barrier ? 1 : 0));
  }
  WaitScope(const WaitScope&) = delete;
  WaitScope& operator=(const WaitScope&) = delete;
  ~WaitScope() {
    if (watch_ != nullptr) watch_->leave(passed_);
  }

 private:
  WaitWatch* watch_;
  const std::uint64_t& passed_;
};

/// Marks the time in which a rank that waits runs messages. \p watch may be nullptr.
class RunningScope {
 public:
  explicit RunningScope(WaitWatch* watch) : watch_(watch) {
    if (watch_ != nullptr) watch_->set_running(true);
  }
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;
  ~RunningScope() {
    if (watch_ != nullptr) watch_->set_running(false);
  }

 private:
  WaitWatch* watch_;
};

}  // namespace buddy::comm
