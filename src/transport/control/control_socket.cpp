#include "transport/control/control_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/clock.hpp"
#include "base/peer_timeout.hpp"
#include "transport/control/tcp_socket.hpp"

namespace buddy::transport {
namespace {

/// Pieces taken from a socket at a time: one sender must not keep the others waiting.
constexpr int pieces_at_once = 16;
/// More than the answers to any rank: who lets so much lie reads nothing.
constexpr std::size_t max_unsent_bytes = 1u << 20;

}  // namespace

std::optional<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Result<ControlSocket> ControlSocket::connect(const ControlAddress& address, int peer_timeout_s) {
  if (address.is_tcp()) {
    auto fd = connect_tcp(address, peer_timeout_s);
    if (!fd.ok()) return fd.status();
    return ControlSocket(std::move(fd.value()), {address.place, peer_timeout_s});
  }
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto name = unix_address(address.place);
  if (!name || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*name), sizeof *name) != 0) {
    return Status(ErrorCode::no_engine, "no engine answers at " + address.place + " (" +
                                            (name ? std::strerror(errno) : "the path is too long") +
                                            ") start the program with `buddy run --placement "
                                            "engine`, which starts the engines");
  }
  return ControlSocket(std::move(fd));
}

/// \param error of the operating system, or 0 at the end of the stream
Status ControlSocket::gone(int error) {
  lost_machine_ = lost_machine_ || means_silence(error);
  if (lost_machine_) {
    return {ErrorCode::peer_died, "the machine " + peer_.host + " does not answer (nothing for " +
                                      std::to_string(peer_.timeout_s) +
                                      " s) see whether it runs and is on the network"};
  }
  return {ErrorCode::peer_died,
          "the control connection was closed (the other process ended) see "
          "its last message"};
}

Status ControlSocket::send(const Message& message) {
  const std::vector<std::byte> bytes = encode(message);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return gone(errno);
    done += static_cast<std::size_t>(sent);
  }
  return {};
}

Status ControlSocket::post(const Message& message) {
  const std::vector<std::byte> bytes = encode(message);
  unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
  if (Status status = flush(); !status.ok()) return status;
  if (unsent_.size() <= max_unsent_bytes) return {};
  return {ErrorCode::system,
          "the control connection is stuck (the other end does not read) see "
          "whether its process is stopped"};
}

Status ControlSocket::flush() {
  std::size_t done = 0;
  while (done < unsent_.size()) {
    const ssize_t sent = ::send(fd_.get(), unsent_.data() + done, unsent_.size() - done,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent <= 0) return gone(errno);
    done += static_cast<std::size_t>(sent);
  }
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(done));
  return {};
}

Result<std::optional<Message>> ControlSocket::try_receive() {
  for (int i = 0; i < pieces_at_once;) {
    const std::span<std::byte> room = reader_.room();
    const ssize_t got = ::recv(fd_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0) return gone(got < 0 ? errno : 0);
    auto message = reader_.advance(static_cast<std::size_t>(got));
    if (!message.ok() || message.value()) return message;
    ++i;
  }
  return std::optional<Message>();
}

Result<Message> ControlSocket::receive(int timeout_ms) {
  const std::uint64_t deadline_ns =
      monotonic_ns() + static_cast<std::uint64_t>(timeout_ms) * 1'000'000;
  for (;;) {
    auto message = try_receive();
    if (!message.ok()) return message.status();
    if (message.value()) return std::move(*message.value());
    const std::uint64_t now = monotonic_ns();
    pollfd ready{fd_.get(), POLLIN, 0};
    const int left_ms = now < deadline_ns ? static_cast<int>((deadline_ns - now) / 1'000'000) : 0;
    if (::poll(&ready, 1, left_ms) != 0) continue;
    return Status(ErrorCode::system,
                  "the control connection is silent (no answer in time) the machine "
                  "may be overloaded; try again");
  }
}

bool ControlSocket::hung_up() const noexcept {
  pollfd state{fd_.get(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

Status ControlSocket::why_hung_up() {
  if (!hung_up()) return {};
  int error = 0;
  socklen_t size = sizeof error;
  // This takes the error from the socket, which lost_machine_ remembers.
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return gone(error);
}

std::uint64_t ControlSocket::round_trip_ns() const { return transport::round_trip_ns(fd_.get()); }

}  // namespace buddy::transport
