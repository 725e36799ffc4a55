// Long work of this process itself that Ctrl-C ends at once, with its results so far.
#pragma once

#include <functional>
#include <stop_token>

namespace buddy::launch {

/// Runs \p work in a thread of its own while this one waits for a signal that asks to stop; then
/// the work is asked to end, and waited for. \p work must not throw. \return that signal's number,
/// or 0
int run_interruptible(const std::function<void(const std::stop_token&)>& work);

}  // namespace buddy::launch
