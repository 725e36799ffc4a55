#include "support/fiber.hpp"

#include <sys/mman.h>
#include <unistd.h>

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
  const auto guard_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* memory = ::mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || ::mprotect(memory, guard_bytes, PROT_NONE) != 0) std::abort();
  return static_cast<std::byte*>(memory) + guard_bytes;
}

// What sanitizers are told of switches; nothing without them. In the function that switches,
// because ThreadSanitizer counts on which stack a function begins and ends.
#define BUDDY_TEST_INLINE [[gnu::always_inline]] inline
#ifdef BUDDY_TEST_TSAN
BUDDY_TEST_INLINE void* new_context() { return __tsan_create_fiber(0); }
BUDDY_TEST_INLINE void* context_now() { return __tsan_get_current_fiber(); }
BUDDY_TEST_INLINE void end_context(void* context) { __tsan_destroy_fiber(context); }
BUDDY_TEST_INLINE void change_context(void* context) { __tsan_switch_to_fiber(context, 0); }
#else
BUDDY_TEST_INLINE void* new_context() { return nullptr; }
BUDDY_TEST_INLINE void* context_now() { return nullptr; }
BUDDY_TEST_INLINE void end_context(void* /*context*/) {}
BUDDY_TEST_INLINE void change_context(void* /*context*/) {}
#endif

#ifdef BUDDY_TEST_ASAN
BUDDY_TEST_INLINE void begin_switch(void** fake_stack, const void* stack, std::size_t bytes) {
  __sanitizer_start_switch_fiber(fake_stack, stack, bytes);
}
BUDDY_TEST_INLINE void end_switch(void* fake_stack, const void** stack, std::size_t* bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, stack, bytes);
}
BUDDY_TEST_INLINE void unpoison(std::span<std::byte> stack) {
  __asan_unpoison_memory_region(stack.data(), stack.size());
}
#else
BUDDY_TEST_INLINE void begin_switch(void** /*fake_stack*/, const void* /*stack*/,
                                    std::size_t /*bytes*/) {}
BUDDY_TEST_INLINE void end_switch(void* /*fake_stack*/, const void** /*stack*/,
                                  std::size_t* /*bytes*/) {}
BUDDY_TEST_INLINE void unpoison(std::span<std::byte> /*stack*/) {}
#endif

}  // namespace

Fiber* Fiber::current() noexcept { return running; }

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(take_stack(), stack_bytes) {
  ::getcontext(&own_);
  own_.uc_stack.ss_sp = stack_.data();
  own_.uc_stack.ss_size = stack_.size();
  own_.uc_link = nullptr;
  ::makecontext(&own_, &Fiber::enter, 0);
  own_context_ = new_context();
}

Fiber::~Fiber() {
  if (!finished_) std::abort();
  end_context(own_context_);
  unpoison(stack_);
  spare_stacks().push_back(stack_.data());
}

void Fiber::resume() {
  if (finished_ || running != nullptr) std::abort();
  running = this;
  switch_to_fiber();
  running = nullptr;
}

void Fiber::switch_to_fiber() {
  begin_switch(&caller_fake_stack_, stack_.data(), stack_.size());
  caller_context_ = context_now();
  change_context(own_context_);
  ::swapcontext(&caller_, &own_);
  end_switch(caller_fake_stack_, nullptr, nullptr);
}

void Fiber::switch_back(bool for_ever) {
  begin_switch(for_ever ? nullptr : &own_fake_stack_, caller_stack_, caller_stack_bytes_);
  change_context(caller_context_);
  if (for_ever) {
    ::setcontext(&caller_);
  } else {
    ::swapcontext(&own_, &caller_);
  }
  end_switch(own_fake_stack_, &caller_stack_, &caller_stack_bytes_);
}

void Fiber::yield() { switch_back(false); }

void Fiber::enter() { running->run(); }

void Fiber::run() noexcept {
  end_switch(nullptr, &caller_stack_, &caller_stack_bytes_);
  body_();
  body_ = nullptr;
  finished_ = true;
  switch_back(true);
}

}  // namespace buddy::test
