#include "launch/hosts/host_addresses.hpp"

#include <fmt/core.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "base/unique_fd.hpp"

namespace buddy::launch {
namespace {

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

const sockaddr* generic(const HostAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.storage);
}

bool is_loopback(const HostAddress& address) {
  if (address.family() == AF_INET) {
    const auto* four = reinterpret_cast<const sockaddr_in*>(&address.storage);
    return ntohl(four->sin_addr.s_addr) >> 24 == 127;
  }
  const auto* six = reinterpret_cast<const sockaddr_in6*>(&address.storage);
  return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/// One can be bound to what an interface of this machine has.
bool is_here(const HostAddress& address) {
  const UniqueFd socket(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return socket && bind(socket.get(), generic(address), address.length) == 0;
}

/// What this machine would send from; no packet is sent for that.
std::optional<HostAddress> source_towards(HostAddress address) {
  const UniqueFd socket(::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // Any port will do, but none is refused by some kernels.
  reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port = htons(9);
  HostAddress own;
  own.length = sizeof own.storage;
  if (!socket || connect(socket.get(), generic(address), address.length) != 0 ||
      getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own.storage), &own.length) != 0) {
    return std::nullopt;
  }
  return own;
}

}  // namespace

std::string HostAddress::text() const {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(generic(*this), length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST)) {
    return "?";
  }
  return text.data();
}

Result<std::vector<HostAddress>> resolve_host(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (const int error = getaddrinfo(name.c_str(), nullptr, &hints, &first); error != 0) {
    return invalid(
        fmt::format("there is no machine '{}' ({}) correct its name, or add it to the "
                    "name service or /etc/hosts",
                    name, gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(first, &freeaddrinfo);
  std::vector<HostAddress> addresses;
  for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    HostAddress address{.storage = {}, .length = each->ai_addrlen};
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

Result<std::vector<HostAddresses>> resolve_hosts(const std::vector<HostShare>& hosts) {
  std::vector<HostAddresses> resolved;
  std::map<std::string, std::string> name_of;  // of addresses
  for (const HostShare& host : hosts) {
    auto addresses = resolve_host(host.name);
    if (!addresses.ok()) return addresses.status();
    for (const HostAddress& address : addresses.value()) {
      // All addresses of this machine are one.
      const std::string text =
          is_loopback(address) || is_here(address) ? "this machine" : address.text();
      const auto [known, is_new] = name_of.emplace(text, host.name);
      if (is_new || known->second == host.name) continue;
      return invalid(
          fmt::format("{} and {} are one machine (both are {}) name it once, with "
                      "slots=N for several ranks",
                      known->second, host.name, text));
    }
    resolved.push_back({host.name, std::move(addresses.value())});
  }
  return resolved;
}

Result<std::string> addresses_towards(const std::vector<HostAddresses>& hosts, std::uint16_t port) {
  std::vector<std::string> near;
  std::vector<std::string> far;
  for (const HostAddresses& host : hosts) {
    bool reachable = false;
    for (const HostAddress& address : host.addresses) {
      const auto own = source_towards(address);
      if (!own) continue;
      reachable = true;
      const std::string text = own->family() == AF_INET ? fmt::format("{}:{}", own->text(), port)
                                                        : fmt::format("[{}]:{}", own->text(), port);
      auto& list = is_loopback(*own) ? near : far;
      if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
    }
    if (reachable) continue;
    return Status(ErrorCode::system,
                  fmt::format("there is no way to {} ({}) check the network of this machine",
                              host.name, std::strerror(errno)));
  }
  far.insert(far.end(), near.begin(), near.end());
  std::string all;
  for (const std::string& text : far) all += (all.empty() ? "" : ",") + text;
  return all;
}

}  // namespace buddy::launch
