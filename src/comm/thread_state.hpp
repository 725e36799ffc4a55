// What the communicators of one thread have in common.
#pragma once

namespace buddy::detail {
class CommState;
}

namespace buddy::comm {

/// Trivially destructible, so that it is still there when a communicator that is a global variable
/// ends: a thread's variables with destructors are gone by then.
struct ThreadState {
  detail::CommState* first = nullptr;  ///< a list of the thread's communicators
  bool in_handler = false;             ///< a handler of one of them is running
  bool ending = false;                 ///< exit() has been called, or the thread is about to end
};

/// The calling thread's.
ThreadState& thread_state() noexcept;

/// From now on `ending` is kept up to date.
void watch_end_of_thread();

}  // namespace buddy::comm
