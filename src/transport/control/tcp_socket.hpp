// TCP below a control connection: names, ports, and noticing that a machine has vanished.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "transport/control/control_address.hpp"

namespace buddy::transport {

/// Connects, trying every address of the host's name. Errors: no_engine (nobody listens, the host
/// has no address, or it has not answered within \p timeout_s).
Result<UniqueFd> connect_tcp(const ControlAddress& address, int timeout_s);

/// Listens without waiting. Errors: system, when the port is in use or the address is another
/// machine's; invalid_argument for a name without an address.
Result<UniqueFd> listen_tcp(const ControlAddress& address);

/// How long a byte and its answer take on a connection, as the kernel has measured it, ns; 0 if
/// that is not known, as for sockets that are no TCP.
std::uint64_t round_trip_ns(int fd);

/// Numbers of this end and of the other; empty host if the socket has none.
ControlAddress own_address(int fd);
ControlAddress peer_address(int fd);

}  // namespace buddy::transport
