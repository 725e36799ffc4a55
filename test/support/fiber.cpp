#include "support/fiber.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <utility>
#include <vector>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BUDDY_TEST_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define BUDDY_TEST_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define BUDDY_TEST_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define BUDDY_TEST_TSAN 1
#endif

#ifdef BUDDY_TEST_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef BUDDY_TEST_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace buddy::test {
namespace {

// Exceptions and sanitizers need room; pages that are not touched cost nothing.
constexpr std::size_t stack_bytes = 256 * 1024;
constexpr std::size_t guard_bytes = 4096;

Fiber* running = nullptr;

/// Stacks are used again: mapping one costs more than many simulation steps.
std::vector<std::byte*>& spare_stacks() {
  static std::vector<std::byte*> stacks;
  return stacks;
}

std::byte* take_stack() {
  auto& spare = spare_stacks();
  if (!spare.empty()) {
    std::byte* stack = spare.back();
    spare.pop_back();
    return stack;
  }
  void* memory = ::mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || ::mprotect(memory, guard_bytes, PROT_NONE) != 0) std::abort();
  return static_cast<std::byte*>(memory) + guard_bytes;
}

}  // namespace

Fiber* Fiber::current() noexcept { return running; }

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(take_stack(), stack_bytes) {
  ::getcontext(&own_);
  own_.uc_stack.ss_sp = stack_.data();
  own_.uc_stack.ss_size = stack_.size();
  own_.uc_link = nullptr;
  ::makecontext(&own_, &Fiber::enter, 0);
#ifdef BUDDY_TEST_TSAN
  own_context_ = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
  if (!finished_) std::abort();
#ifdef BUDDY_TEST_TSAN
  __tsan_destroy_fiber(own_context_);
#endif
#ifdef BUDDY_TEST_ASAN
  __asan_unpoison_memory_region(stack_.data(), stack_.size());
#endif
  spare_stacks().push_back(stack_.data());
}

void Fiber::resume() {
  if (finished_ || running != nullptr) std::abort();
  running = this;
  switch_to_fiber();
  running = nullptr;
}

void Fiber::switch_to_fiber() {
#ifdef BUDDY_TEST_ASAN
  __sanitizer_start_switch_fiber(&caller_fake_stack_, stack_.data(), stack_.size());
#endif
#ifdef BUDDY_TEST_TSAN
  caller_context_ = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(own_context_, 0);
#endif
  ::swapcontext(&caller_, &own_);
#ifdef BUDDY_TEST_ASAN
  __sanitizer_finish_switch_fiber(caller_fake_stack_, nullptr, nullptr);
#endif
}

void Fiber::switch_back(bool for_ever) {
#ifdef BUDDY_TEST_ASAN
  __sanitizer_start_switch_fiber(for_ever ? nullptr : &own_fake_stack_, caller_stack_,
                                 caller_stack_bytes_);
#endif
#ifdef BUDDY_TEST_TSAN
  __tsan_switch_to_fiber(caller_context_, 0);
#endif
  if (for_ever) {
    ::setcontext(&caller_);
  } else {
    ::swapcontext(&own_, &caller_);
  }
#ifdef BUDDY_TEST_ASAN
  __sanitizer_finish_switch_fiber(own_fake_stack_, &caller_stack_, &caller_stack_bytes_);
#endif
}

void Fiber::yield() { switch_back(false); }

void Fiber::enter() { running->run(); }

void Fiber::run() noexcept {
#ifdef BUDDY_TEST_ASAN
  __sanitizer_finish_switch_fiber(nullptr, &caller_stack_, &caller_stack_bytes_);
#endif
  body_();
  body_ = nullptr;
  finished_ = true;
  switch_back(true);
}

}  // namespace buddy::test
