#include "link/control_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/clock.hpp"
#include "wire/run.hpp"

namespace buddy::link {
namespace {

constexpr std::uint32_t max_message_bytes = 16u << 20;

Status gone() {
  return {ErrorCode::peer_died,
          "the control connection was closed (the other process ended) see "
          "its last message"};
}

Status damaged(const char* what) {
  return {ErrorCode::corrupt, std::string("a control message is damaged (") + what +
                                  ") use the same version of Buddy on all ranks and engines"};
}

bool fill_address(const std::string& path, sockaddr_un& address) {
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

template <std::size_t Index = 0>
Result<Message> decode_as(std::size_t kind, InputBytes& archive) {
  if constexpr (Index == std::variant_size_v<Message>) {
    return damaged("unknown kind");
  } else {
    if (kind != Index) return decode_as<Index + 1>(kind, archive);
    std::variant_alternative_t<Index, Message> content;
    archive.load_by_cereal(content);
    if (archive.remaining() != 0) return damaged("too long");
    return Message(std::move(content));
  }
}

}  // namespace

Result<ControlSocket> ControlSocket::connect(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  const bool named = fill_address(path, address);
  if (!named || ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return Status(ErrorCode::no_engine,
                  "no engine answers at " + path + " (" +
                      (named ? std::strerror(errno) : "the path is too long") +
                      ") start the program with `buddy run --placement "
                      "engine`, which starts the engines");
  }
  return ControlSocket(std::move(fd));
}

Status ControlSocket::send(const Message& message) {
  std::vector<std::byte> bytes(8);
  OutputBytes archive(bytes);
  std::visit([&](const auto& content) { archive.save_by_cereal(content); }, message);
  wire::store(bytes.data(), static_cast<std::uint32_t>(bytes.size() - 8));
  wire::store(bytes.data() + 4, static_cast<std::uint32_t>(message.index()));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return gone();
    done += static_cast<std::size_t>(sent);
  }
  return {};
}

Status ControlSocket::read_exactly(std::byte* to, std::size_t bytes, std::uint64_t deadline_ns) {
  std::size_t done = 0;
  while (done < bytes) {
    const std::uint64_t now = monotonic_ns();
    pollfd ready{fd_.get(), POLLIN, 0};
    const int left_ms = now < deadline_ns ? static_cast<int>((deadline_ns - now) / 1'000'000) : 0;
    const int polled = ::poll(&ready, 1, left_ms);
    if (polled < 0 && errno == EINTR) continue;
    if (polled == 0) {
      return {ErrorCode::system,
              "the control connection is silent (no answer in time) the machine "
              "may be overloaded; try again"};
    }
    const ssize_t got = ::recv(fd_.get(), to + done, bytes - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return gone();
    done += static_cast<std::size_t>(got);
  }
  return {};
}

Result<Message> ControlSocket::receive(int timeout_ms) {
  const std::uint64_t deadline_ns =
      monotonic_ns() + static_cast<std::uint64_t>(timeout_ms) * 1'000'000;
  std::array<std::byte, 8> head{};
  if (Status status = read_exactly(head.data(), head.size(), deadline_ns); !status.ok()) {
    return status;
  }
  const auto size = wire::load<std::uint32_t>(head.data());
  const auto kind = wire::load<std::uint32_t>(head.data() + 4);
  if (size > max_message_bytes) return damaged("too long");
  std::vector<std::byte> body(size);
  if (Status status = read_exactly(body.data(), size, deadline_ns); !status.ok()) return status;
  try {
    InputBytes archive(body);
    return decode_as(kind, archive);
  } catch (const std::exception&) {  // ends early, or claims more elements than memory holds
    return damaged("too short");
  }
}

bool ControlSocket::hung_up() const noexcept {
  pollfd state{fd_.get(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

Result<UniqueFd> listen_at(const std::string& path) {
  const auto failed = [&](const char* why) {
    return Status(ErrorCode::system, "cannot listen at " + path + " (" + why +
                                         ") choose a path in a directory of yours that does not "
                                         "exist yet");
  };
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  if (!fill_address(path, address)) return failed("the path is too long");
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(before);
  if (bound != 0) return failed(std::strerror(error));
  if (::listen(fd.get(), 128) != 0) return failed(std::strerror(errno));
  return fd;
}

UniqueFd accept_own_user(int listener) noexcept {
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) return fd;
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known = ::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!known || peer.uid != ::getuid()) fd.reset();
  return fd;
}

}  // namespace buddy::link
