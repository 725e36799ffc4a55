// Files that say which engine serves which machine. Format: docs/formats/engines_file.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "launch/hosts/host_addresses.hpp"

namespace buddy::launch {

/// Where engines listen unless their address says something else.
inline constexpr std::uint16_t default_engine_port = 7117;

/// Name of the environment variable that tells a rank which of them is its engine.
inline constexpr const char* engine_address_variable = "BUDDY_ENGINE_ADDRESS";

/// An engine that runs as a service, and the machine whose ranks it serves.
struct EngineEntry {
  std::string host;
  std::string address;  ///< a name or a number
  std::uint16_t port = default_engine_port;

  /// "tcp:10.0.0.1:7117", "tcp:[fd00::1]:7117"
  std::string uri() const;
};

/// One engine a line: `HOST ADDRESS[:PORT]`; `#` begins a comment; numbers of IPv6 with a port
/// stand in brackets. \param file for messages Errors: invalid_argument naming the line: nothing in
/// it, words that mean nothing, a machine that is there twice.
Result<std::vector<EngineEntry>> parse_engine_table(std::string_view text, const std::string& file);
/// The same of a file. Errors: also one that cannot be read.
Result<std::vector<EngineEntry>> read_engine_table(const std::string& file);

/// The engines of \p wanted, in that order.
/// \param known all machines that the table may name \param file for messages
/// Errors: invalid_argument: a machine without an engine, an engine of an unknown machine.
Result<std::vector<EngineEntry>> engines_for(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known,
                                             const std::vector<EngineEntry>& table,
                                             const std::string& file);

/// Whether machines can reach their engines, as far as addresses tell.
/// \param hosts in the order of \p engines, or empty if they are this machine
/// Errors: invalid_argument: an engine whose address is unknown, or of a family that its machine
/// does not have.
Status check_engine_addresses(const std::vector<HostAddresses>& hosts,
                              const std::vector<EngineEntry>& engines);

}  // namespace buddy::launch
