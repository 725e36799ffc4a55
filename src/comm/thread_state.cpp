#include "comm/thread_state.hpp"

namespace buddy::comm {
namespace {

constinit thread_local ThreadState state;

/// exit() destroys the calling thread's variables first, then the global ones.
struct EndOfThread {
  EndOfThread() = default;
  EndOfThread(const EndOfThread&) = delete;
  EndOfThread& operator=(const EndOfThread&) = delete;
  ~EndOfThread() { state.ending = true; }
};

}  // namespace

ThreadState& thread_state() noexcept { return state; }

void watch_end_of_thread() { static thread_local EndOfThread end; }

}  // namespace buddy::comm
