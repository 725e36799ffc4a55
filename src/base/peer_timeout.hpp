// How long another machine may be silent before it counts as vanished.
#pragma once

#include "base/status.hpp"

namespace buddy {

inline constexpr const char* peer_timeout_variable = "BUDDY_PEER_TIMEOUT";
/// Seconds without a sign of life, unless told otherwise.
inline constexpr int default_peer_timeout_s = 10;
inline constexpr int most_peer_timeout_s = 3600;

/// What the environment says, or the default. Errors: invalid_argument for a value that means
/// nothing
Result<int> peer_timeout_from_environment();

/// Sends small messages at once, and makes silence of the other machine for \p timeout_s an error
/// of the socket. It is the other kernel that is asked, so a stopped process is no silence.
/// Errors: system
Status watch_machine(int fd, int timeout_s);

/// Whether \p error, of a connection that was made, means that the other machine is silent or that
/// there is no way to it, rather than that its process has ended.
bool means_silence(int error) noexcept;

}  // namespace buddy
