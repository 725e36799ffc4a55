#include "transport/control/machine_watch.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/peer_timeout.hpp"
#include "base/whole_number.hpp"
#include "transport/control/tcp_socket.hpp"

namespace buddy::transport {
namespace {

/// Of an address, in numbers; empty for families other than IPv4 and IPv6, and for addresses that
/// mean something else on each machine.
std::string numbers(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address == nullptr) return {};
  if (address->sa_family == AF_INET) {
    const auto& in = *reinterpret_cast<const sockaddr_in*>(address);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    const auto& in = *reinterpret_cast<const sockaddr_in6*>(address);
    if (IN6_IS_ADDR_LINKLOCAL(&in.sin6_addr)) return {};
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

/// Loopback only where there is nothing else.
std::vector<std::string> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  std::vector<std::string> outside;
  std::vector<std::string> loopback;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    const std::string text = numbers(each->ifa_addr);
    if (text.empty() || (each->ifa_flags & IFF_UP) == 0) continue;
    ((each->ifa_flags & IFF_LOOPBACK) != 0 ? loopback : outside).push_back(text);
  }
  ::freeifaddrs(first);
  return outside.empty() ? loopback : outside;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family == AF_INET6
             ? ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port)
             : ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

/// Listens at all addresses, of both families where there are both.
UniqueFd listen_everywhere() {
  for (const int family : {AF_INET6, AF_INET}) {
    UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) continue;
    const int off = 0;
    if (family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_storage any{};
    any.ss_family = static_cast<sa_family_t>(family);
    const socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), size) == 0 &&
        ::listen(fd.get(), SOMAXCONN) == 0) {
      return fd;
    }
  }
  return {};
}

struct Target {
  sockaddr_storage address{};
  socklen_t bytes = 0;
};

/// \return nothing useful (0 bytes) for a text that is no address
Target target_of(const std::string& text, std::uint16_t port) {
  Target target;
  auto& four = reinterpret_cast<sockaddr_in&>(target.address);
  auto& six = reinterpret_cast<sockaddr_in6&>(target.address);
  if (::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    target.bytes = sizeof four;
  } else if (::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    target.bytes = sizeof six;
  }
  return target;
}

int error_of(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

Result<std::unique_ptr<MachineWatch>> MachineWatch::create(int timeout_s) {
  UniqueFd listener = listen_everywhere();
  if (!listener) {
    return Status(ErrorCode::system, std::string("cannot listen for other machines (") +
                                         std::strerror(errno) + ") raise the limit on open files");
  }
  return std::unique_ptr<MachineWatch>(new MachineWatch(std::move(listener), timeout_s));
}

std::string MachineWatch::address() const {
  std::string text = std::to_string(port_of(listener_.get()));
  for (const std::string& each : own_addresses()) text += ' ' + each;
  return text;
}

Status MachineWatch::begin(Line& line) const {
  std::string_view rest = line.machine.address;
  const auto next_word = [&rest] {
    const std::string word(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    return word;
  };
  const auto port = parse_whole<std::uint16_t>(next_word());
  if (!port || *port == 0) {
    return {ErrorCode::corrupt, "the address by which " + line.machine.host +
                                    " is watched is damaged (it has no port) start the job again"};
  }
  const std::vector<std::string> own = own_addresses();
  while (!rest.empty()) {
    const std::string word = next_word();
    // Bridges of containers have the same address on every machine.
    if (std::find(own.begin(), own.end(), word) != own.end()) continue;
    const Target target = target_of(word, *port);
    if (target.bytes == 0) continue;
    UniqueFd fd(::socket(target.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd || !watch_machine(fd.get(), timeout_s_).ok()) continue;
    const auto* address = reinterpret_cast<const sockaddr*>(&target.address);
    if (::connect(fd.get(), address, target.bytes) != 0 && errno != EINPROGRESS) continue;
    line.attempts.push_back(std::move(fd));
  }
  return {};
}

void MachineWatch::settle(Line& line) const {
  for (UniqueFd& fd : line.attempts) {
    pollfd state{fd.get(), POLLOUT, 0};
    if (::poll(&state, 1, 0) <= 0) continue;
    if (error_of(fd.get()) == 0 && (state.revents & (POLLERR | POLLHUP)) == 0) {
      line.made = std::move(fd);
      line.was_made = true;
      line.attempts.clear();
      return;
    }
    fd.reset();
  }
  std::erase_if(line.attempts, [](const UniqueFd& fd) { return !fd; });
}

bool MachineWatch::settle(int limit_ms) {
  const std::uint64_t deadline = monotonic_ns() + static_cast<std::uint64_t>(limit_ms) * 1'000'000;
  for (;;) {
    std::vector<pollfd> waiting;
    for (Line& line : lines_) {
      if (!line.attempts.empty()) settle(line);
      for (const UniqueFd& fd : line.attempts) waiting.push_back({fd.get(), POLLOUT, 0});
    }
    const std::uint64_t now = monotonic_ns();
    if (waiting.empty() || now >= deadline) return !waiting.empty();
    const auto left_ms = static_cast<int>((deadline - now) / 1'000'000) + 1;
    ::poll(waiting.data(), waiting.size(), left_ms);
  }
}

Status MachineWatch::watch(const std::vector<Machine>& machines, int limit_ms) {
  for (const Machine& machine : machines) {
    Line line;
    line.machine = machine;
    if (Status status = begin(line); !status.ok()) return status;
    lines_.push_back(std::move(line));
  }
  settle(limit_ms);
  return {};
}

std::vector<MachineWatch::Event> MachineWatch::vanished() {
  settle(0);
  std::vector<pollfd> polled;
  polled.reserve(lines_.size());
  for (const Line& line : lines_) polled.push_back({line.made ? line.made.get() : -1, POLLIN, 0});
  if (::poll(polled.data(), polled.size(), 0) <= 0) return {};
  std::vector<Event> events;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (polled[i].revents == 0) continue;
    Line& line = lines_[i];
    // Nobody says anything here, so what can be read is the end, of whichever kind.
    const int error = error_of(line.made.get());
    line.made.reset();
    if (!means_silence(error)) continue;
    events.push_back(
        {line.machine.number,
         {ErrorCode::peer_died, "the machine " + line.machine.host +
                                    " does not answer (its kernel gave no " + "sign of life for " +
                                    std::to_string(timeout_s_) +
                                    " s) see whether its power and its network are there"}});
  }
  return events;
}

std::vector<MachineWatch::Event> MachineWatch::unwatched() const {
  std::vector<Event> events;
  for (const Line& line : lines_) {
    if (line.was_made) continue;
    events.push_back({line.machine.number,
                      {ErrorCode::system,
                       "the machine " + line.machine.host + " cannot be watched (none of '" +
                           line.machine.address + "' answers) let its firewall pass the ports of " +
                           "net.ipv4.ip_local_port_range"}});
  }
  return events;
}

std::uint64_t MachineWatch::round_trip_ns(std::uint32_t machine) const {
  for (const Line& line : lines_) {
    if (line.machine.number == machine && line.made) {
      return transport::round_trip_ns(line.made.get());
    }
  }
  return 0;
}

}  // namespace buddy::transport
