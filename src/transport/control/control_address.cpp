#include "transport/control/control_address.hpp"

#include <optional>
#include <utility>

#include "base/whole_number.hpp"

namespace buddy::transport {
namespace {

constexpr std::string_view unix_scheme = "unix:";
constexpr std::string_view tcp_scheme = "tcp:";

Status malformed(std::string_view text, const std::string& why) {
  return {ErrorCode::invalid_argument, "'" + std::string(text) + "' is no address of an engine (" +
                                           why +
                                           ") write unix:PATH, tcp:HOST:PORT or tcp:[IPV6]:PORT"};
}

/// Host and what follows it, which is nothing or begins with a colon.
std::optional<std::pair<std::string_view, std::string_view>> split_host(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    return std::pair(text.substr(1, end - 1), text.substr(end + 1));
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return std::pair(text, std::string_view());
  return std::pair(text.substr(0, colon), text.substr(colon));
}

Result<ControlAddress> parse_tcp(std::string_view text) {
  const auto parts = split_host(text.substr(tcp_scheme.size()));
  if (!parts) return malformed(text, "a bracket is open");
  const auto [host, rest] = *parts;
  if (host.empty()) return malformed(text, "the host is missing");
  if (rest.empty()) return ControlAddress::tcp(std::string(host), default_engine_port);
  if (rest.find(':', 1) != rest.npos) return malformed(text, "an IPv6 address needs brackets");
  const auto port = parse_whole<std::uint16_t>(rest.substr(1));
  if (!rest.starts_with(':') || !port) return malformed(text, "a port is a number up to 65535");
  return ControlAddress::tcp(std::string(host), *port);
}

}  // namespace

Result<ControlAddress> parse_control_address(std::string_view text) {
  if (text.starts_with(tcp_scheme)) return parse_tcp(text);
  if (!text.starts_with(unix_scheme))
    return malformed(text, "it begins with neither unix: nor tcp:");
  const std::string_view path = text.substr(unix_scheme.size());
  if (path.empty()) return malformed(text, "the path is missing");
  return ControlAddress::unix_socket(std::string(path));
}

std::string to_string(const ControlAddress& address) {
  if (!address.is_tcp()) return std::string(unix_scheme) + address.place;
  const bool brackets = address.place.find(':') != std::string::npos;
  const std::string host = brackets ? '[' + address.place + ']' : address.place;
  return std::string(tcp_scheme) + host + ':' + std::to_string(address.port);
}

}  // namespace buddy::transport
