#include "transport/control/tcp_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/clock.hpp"
#include "base/peer_timeout.hpp"

namespace buddy::transport {
namespace {

/// The kernel lowers it to what the system allows (net.core.somaxconn).
constexpr int waiting_connections = 4096;

struct FreeAddresses {
  void operator()(addrinfo* first) const { ::freeaddrinfo(first); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

struct Lookup {
  Addresses addresses;
  std::string problem;  ///< empty if there are some
};

Lookup look_up(const ControlAddress& address, bool to_listen) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (to_listen ? AI_PASSIVE : 0);
  addrinfo* first = nullptr;
  const int error =
      ::getaddrinfo(address.place.c_str(), std::to_string(address.port).c_str(), &hints, &first);
  if (error != 0) return {nullptr, ::gai_strerror(error)};
  return {Addresses(first), {}};
}

UniqueFd open_socket(const addrinfo& address) {
  return UniqueFd(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

/// \return 0, or why not
int connect_within(int fd, const addrinfo& address, std::uint64_t deadline_ns) {
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  for (;;) {
    const std::uint64_t now = monotonic_ns();
    if (now >= deadline_ns) return ETIMEDOUT;
    pollfd ready{fd, POLLOUT, 0};
    if (::poll(&ready, 1, static_cast<int>((deadline_ns - now) / 1'000'000) + 1) <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }
}

bool set_option(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// Of a send and a receive that may wait.
void make_blocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

ControlAddress numbers_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
    return ControlAddress::tcp(text.data(), ntohs(in.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
    return ControlAddress::tcp(text.data(), ntohs(in.sin6_port));
  }
  return {};
}

/// \return 0, or why not
int listen_at_one(const addrinfo& address, UniqueFd& fd) {
  fd = open_socket(address);
  // Connections of an engine that has just ended must not keep the port from the next one.
  const bool ready = fd && set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1) &&
                     ::bind(fd.get(), address.ai_addr, address.ai_addrlen) == 0 &&
                     ::listen(fd.get(), waiting_connections) == 0;
  return ready ? 0 : errno;
}

}  // namespace

Result<UniqueFd> connect_tcp(const ControlAddress& address, int timeout_s) {
  const Lookup found = look_up(address, false);
  std::string problem = found.problem;
  const std::uint64_t deadline =
      monotonic_ns() + static_cast<std::uint64_t>(timeout_s) * 1'000'000'000;
  std::uint64_t left = 0;
  for (const addrinfo* each = found.addresses.get(); each != nullptr; each = each->ai_next) ++left;
  for (const addrinfo* each = found.addresses.get(); each != nullptr;
       each = each->ai_next, --left) {
    UniqueFd fd = open_socket(*each);
    // An address that says nothing leaves the others their share of the time.
    const std::uint64_t now = monotonic_ns();
    const std::uint64_t share = now < deadline ? (deadline - now) / left : 0;
    const int error = fd ? connect_within(fd.get(), *each, now + share) : errno;
    if (error == 0) {
      make_blocking(fd.get());
      const Status watched = watch_machine(fd.get(), timeout_s);
      if (!watched.ok()) return watched;
      return fd;
    }
    problem = error == ETIMEDOUT ? "no answer within " + std::to_string(timeout_s) + " s"
                                 : std::strerror(error);
  }
  return Status(ErrorCode::no_engine,
                "no engine answers at " + to_string(address) + " (" + problem +
                    ") start one there with `buddy engine --listen`, or correct the address");
}

Result<UniqueFd> listen_tcp(const ControlAddress& address) {
  const Lookup found = look_up(address, true);
  if (!found.addresses) {
    return Status(ErrorCode::invalid_argument, "cannot listen at " + to_string(address) + " (" +
                                                   found.problem +
                                                   ") give an address of this machine");
  }
  int error = 0;
  for (const addrinfo* each = found.addresses.get(); each != nullptr; each = each->ai_next) {
    UniqueFd fd;
    error = listen_at_one(*each, fd);
    if (error == 0) return fd;
  }
  const char* advice = "give an address of this machine, like 0.0.0.0 for all of them";
  if (error == EADDRINUSE) advice = "end the engine that listens there, or choose another port";
  if (error == EACCES) advice = "choose a port above 1023";
  return Status(ErrorCode::system, "cannot listen at " + to_string(address) + " (" +
                                       std::strerror(error) + ") " + advice);
}

std::uint64_t round_trip_ns(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return std::uint64_t{info.tcpi_rtt} * 1'000;
}

ControlAddress own_address(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return numbers_of(address);
}

ControlAddress peer_address(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return numbers_of(address);
}

}  // namespace buddy::transport
