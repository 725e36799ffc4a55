#include "transport/control/control_listener.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/peer_timeout.hpp"
#include "transport/control/tcp_socket.hpp"

namespace buddy::transport {
namespace {

constexpr int waiting_connections = 128;

Result<UniqueFd> listen_at_path(const std::string& path) {
  const auto failed = [&](const char* why) {
    return Status(ErrorCode::system, "cannot listen at " + path + " (" + why +
                                         ") choose a path in a directory of yours that does not "
                                         "exist yet");
  };
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto address = unix_address(path);
  if (!address) return failed("the path is too long");
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
  const int error = errno;
  ::umask(before);
  if (bound != 0) return failed(std::strerror(error));
  if (::listen(fd.get(), waiting_connections) != 0) return failed(std::strerror(errno));
  return fd;
}

bool is_own_users(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::getuid();
}

}  // namespace

Result<ControlListener> ControlListener::open(const ControlAddress& address, int peer_timeout_s) {
  auto fd = address.is_tcp() ? listen_tcp(address) : listen_at_path(address.place);
  if (!fd.ok()) return fd.status();
  ControlAddress actual = address;
  if (address.is_tcp()) actual.port = own_address(fd.value().get()).port;
  return ControlListener(std::move(fd.value()), std::move(actual), peer_timeout_s);
}

ControlListener::ControlListener(UniqueFd fd, ControlAddress address, int peer_timeout_s)
    : fd_(std::move(fd)), address_(std::move(address)), peer_timeout_s_(peer_timeout_s) {}

ControlListener::~ControlListener() {
  if (fd_ && !address_.is_tcp()) ::unlink(address_.place.c_str());
}

Result<ControlSocket> ControlListener::accept() {
  UniqueFd fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) {
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) {
      return ControlSocket();
    }
    return Status(ErrorCode::system, std::string("cannot take a connection (") +
                                         std::strerror(errno) + ") raise the limit on open files");
  }
  if (!address_.is_tcp())
    return is_own_users(fd.get()) ? ControlSocket(std::move(fd)) : ControlSocket();
  if (!watch_machine(fd.get(), peer_timeout_s_).ok()) return ControlSocket();  // it has gone again
  const std::string peer = peer_address(fd.get()).place;
  return ControlSocket(std::move(fd), {peer, peer_timeout_s_});
}

}  // namespace buddy::transport
