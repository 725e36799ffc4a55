// Where an engine listens for ranks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace buddy::transport {

/// Port of an engine that is not told another one.
inline constexpr std::uint16_t default_engine_port = 7117;

/// A Unix socket on this machine, or a TCP port of any.
struct ControlAddress {
  enum class Kind { unix_socket, tcp };

  Kind kind = Kind::unix_socket;
  std::string place;       ///< path, or host: a name, an IPv4 or an IPv6 address without brackets
  std::uint16_t port = 0;  ///< TCP only; 0: to listen at any that is free

  static ControlAddress unix_socket(std::string path) {
    return {Kind::unix_socket, std::move(path), 0};
  }
  static ControlAddress tcp(std::string host, std::uint16_t port) {
    return {Kind::tcp, std::move(host), port};
  }
  bool is_tcp() const noexcept { return kind == Kind::tcp; }
  friend bool operator==(const ControlAddress&, const ControlAddress&) = default;
};

/// Reads "unix:PATH", "tcp:HOST", "tcp:HOST:PORT", and IPv6 as "tcp:[ADDRESS]" or
/// "tcp:[ADDRESS]:PORT". Errors: invalid_argument, which says how to write it.
Result<ControlAddress> parse_control_address(std::string_view text);

/// As parse_control_address() reads it, always with the port.
std::string to_string(const ControlAddress& address);

}  // namespace buddy::transport
