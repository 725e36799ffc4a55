// SIGHUP, which the network library takes for itself.
#pragma once

namespace buddy::transport {

/// UCX catches SIGHUP as soon as it is loaded, to write a debug log from then on (UCX_DEBUG_SIGNO).
/// A program whose terminal goes would not notice, and `nohup` would be undone. Gives the signal
/// back to whom it belonged, unless the user has chosen one in UCX_DEBUG_SIGNO.
/// Happens by itself when the library is loaded; the command calls it, so that this is part of it.
void give_back_hangup() noexcept;

}  // namespace buddy::transport
