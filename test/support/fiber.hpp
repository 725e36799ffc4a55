// Many call stacks in one thread, switched by hand: what lets blocking code run in a simulation.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <functional>
#include <span>

namespace buddy::test {

/// A function with a stack of its own.
/// resume() runs it until it calls yield() or ends. Sanitizers are told of every switch.
/// The function must not let exceptions out, and must have ended before the fiber is destroyed.
/// Threads: one for all fibers.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// \pre called from outside of all fibers; !finished()
  void resume();
  /// Back to who called resume(). \pre called inside this fiber
  void yield();
  bool finished() const noexcept { return finished_; }
  /// The fiber that runs now, or nullptr.
  static Fiber* current() noexcept;

 private:
  static void enter();
  void run() noexcept;
  void switch_to_fiber();
  void switch_back(bool for_ever);

  std::function<void()> body_;
  std::span<std::byte> stack_;
  ucontext_t own_{};
  ucontext_t caller_{};
  bool finished_ = false;

  // What AddressSanitizer and ThreadSanitizer want to know about the two sides of a switch.
  void* own_fake_stack_ = nullptr;
  void* caller_fake_stack_ = nullptr;
  const void* caller_stack_ = nullptr;
  std::size_t caller_stack_bytes_ = 0;
  void* own_context_ = nullptr;
  void* caller_context_ = nullptr;
};

}  // namespace buddy::test
