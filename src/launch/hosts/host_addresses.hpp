// Addresses of the machines of a job, as this machine resolves their names.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "launch/hosts/host_file.hpp"

namespace buddy::launch {

/// One address, IPv4 or IPv6, without a port.
struct HostAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  int family() const noexcept { return storage.ss_family; }
  std::string text() const;  ///< numbers
};

/// All addresses of \p name, none twice. Errors: invalid_argument with what the resolver says.
Result<std::vector<HostAddress>> resolve_host(const std::string& name);

/// A machine of the job.
struct HostAddresses {
  std::string name;
  std::vector<HostAddress> addresses;
};

/// Resolves all of them. Errors: invalid_argument for a name that is unknown, and for two names of
/// one machine: they share an address, or both are this machine's.
Result<std::vector<HostAddresses>> resolve_hosts(const std::vector<HostShare>& hosts);

/// Addresses by which those machines reach this one, as "10.0.0.1:4711,[fd00::1]:4711": those that
/// it would itself send from. Loopback comes last: it is right for this machine alone.
/// Errors: system, naming a machine to which there is no way.
Result<std::string> addresses_towards(const std::vector<HostAddresses>& hosts, std::uint16_t port);

}  // namespace buddy::launch
