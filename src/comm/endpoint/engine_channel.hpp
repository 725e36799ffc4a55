// What a rank's endpoint needs from where its messages go.
#pragma once

#include <cstdint>

#include "base/status.hpp"
#include "transport/channel.hpp"

namespace buddy::comm {

/// The way to the engine: inside this process, behind a link, or simulated.
/// Threads: the rank's.
class EngineChannel {
 public:
  EngineChannel() = default;
  EngineChannel(const EngineChannel&) = delete;
  EngineChannel& operator=(const EngineChannel&) = delete;
  virtual ~EngineChannel() = default;

  /// Frames to and from the engine.
  virtual transport::Channel& channel() noexcept = 0;
  /// Lets an embedded engine work. \return how much it did
  virtual std::uint32_t step() noexcept = 0;
  /// The same in the midst of sending: more follows, and an embedded engine may hold for it what it
  /// has. In step() it may not, because the program may go on to something else.
  virtual std::uint32_t step_while_sending() noexcept { return step(); }
  /// Wakes whoever has not been told of what was sent. Before rest(), and when the program goes on.
  virtual void flush_wakeups() noexcept = 0;
  /// Whether what was sent goes on without step(). A rank that leaves a barrier may not come back
  /// for long, and the others need its last word to leave theirs.
  virtual bool needs_no_progress() noexcept = 0;
  /// Nothing moved: spin, or sleep until something may. Called in a loop with step() in between.
  virtual void rest() noexcept = 0;
  /// Something moved: the next rest() starts with spinning again.
  virtual void busy() noexcept = 0;
  /// ok while engine and neighbours live. Looks after them now and then; cheap in between.
  virtual Status health() = 0;
  /// ok, or why the job has failed as the engine has noted it. For who cannot take the frame that
  /// says so, where health() does not know. Cost: a load.
  virtual Status noted_failure() { return {}; }
};

/// Runs what arrives.
class Receiver {
 public:
  Receiver() = default;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  virtual ~Receiver() = default;

  /// Checks that there is such a handler for items of this size.
  virtual bool accepts(std::uint32_t handler, std::uint32_t item_bytes) noexcept = 0;
  /// Runs items in order; \p done counts those that have run, also when a handler throws.
  virtual void run_fixed(std::uint32_t handler, const std::byte* items, std::uint32_t count,
                         std::uint32_t& done) = 0;
  virtual void run_variable(std::uint32_t handler, std::span<const std::byte> payload) = 0;
};

}  // namespace buddy::comm
