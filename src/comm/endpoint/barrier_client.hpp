// A rank's side of the engines' barriers.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "comm/endpoint/endpoint_context.hpp"
#include "wire/control.hpp"

namespace buddy::comm {

/// Tells the engine how far this rank is, and hears from it when all messages have been handled
/// (docs/design/quiescence.md). It does not wait: Endpoint does, and runs messages meanwhile.
/// Threads: the rank's.
class BarrierClient {
 public:
  explicit BarrierClient(EndpointContext& context) noexcept;

  /// The rank waits in the next barrier. After an exception that interrupted one, it is the same
  /// for everybody else.
  void enter() noexcept { entered_ = context_.counts.barriers + 1; }
  /// Whether the barrier is complete.
  bool released() const noexcept { return released_ >= entered_; }
  /// Says how far the rank is unless the engine knows. \pre everything has been given to the engine
  /// \return whether the engine has heard something that may complete the barrier
  bool report();
  /// The engine says that this barrier and all before are complete.
  void hear_release(std::uint64_t barrier) noexcept { released_ = barrier; }
  /// \pre released()
  void leave() noexcept { ++context_.counts.barriers; }

  /// Runs \p callback inside the next barrier.
  void before(std::function<void()> callback) { callbacks_.push_back(std::move(callback)); }
  /// \return whether there were any
  bool run_callbacks();

 private:
  EndpointContext& context_;
  std::uint64_t entered_;
  std::uint64_t released_;
  wire::BarrierReport reported_;
  std::deque<std::function<void()>> callbacks_;
};

}  // namespace buddy::comm
