// Whoever is stepped in a simulated job.
#pragma once

#include <cstdint>
#include <limits>

#include "transport/channel.hpp"

namespace buddy::sim {

/// Rests when there is nothing to do and sleeps when it rests twice in a row, as arena::Idle does.
/// A sleeper is stepped again only after wake(), or at the time it has set itself: a lost wake-up
/// shows as a job in which everybody sleeps. (The real thing looks again every 100 ms; here nothing
/// may depend on that.)
class Actor {
 public:
  Actor() = default;
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;
  virtual ~Actor() = default;

  /// \pre !asleep() && !done()
  virtual void step() = 0;
  /// Nothing follows.
  virtual bool done() const = 0;

  void wake() noexcept { phase_ = Phase::awake; }
  bool asleep() const noexcept { return phase_ == Phase::asleep; }
  /// When a sleeper is stepped although nobody wakes it.
  virtual std::uint64_t wakes_at_ns() const noexcept { return never_ns; }
  static constexpr std::uint64_t never_ns = std::numeric_limits<std::uint64_t>::max();

 protected:
  void rest() noexcept { phase_ = phase_ == Phase::awake ? Phase::armed : Phase::asleep; }

 private:
  enum class Phase : std::uint8_t { awake, armed, asleep };
  Phase phase_ = Phase::awake;
};

/// A channel that wakes the actor at its other end when it is flushed and not before, and that can
/// be cut.
class WakingChannel final : public transport::Channel {
 public:
  /// \param neighbour who reads what is pushed here; may be nullptr
  void connect(transport::Channel& inner, Actor* neighbour) {
    inner_ = &inner;
    neighbour_ = neighbour;
  }
  /// From now on the channel is closed and broken: its owner is dead.
  void cut(Status reason) { cut_ = std::move(reason); }

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override {
    if (!cut_.ok()) return wire::Push::closed;
    const wire::Push result = inner_->try_push(kind, records, body);
    wake_pending_ = true;
    if (result == wire::Push::full) flush_wakeups();
    return result;
  }
  void flush_wakeups() noexcept override {
    if (wake_pending_) wake();
    wake_pending_ = false;
  }
  wire::Peek peek(wire::Frame& frame) noexcept override {
    return cut_.ok() ? inner_->peek(frame) : wire::Peek::broken;
  }
  void release() noexcept override {
    inner_->release();
    wake();
  }
  bool drained() noexcept override { return inner_->drained(); }
  Status status() const override { return cut_.ok() ? inner_->status() : cut_; }

 private:
  void wake() noexcept {
    if (neighbour_ != nullptr) neighbour_->wake();
  }
  transport::Channel* inner_ = nullptr;
  Actor* neighbour_ = nullptr;
  Status cut_;
  bool wake_pending_ = false;
};

}  // namespace buddy::sim
