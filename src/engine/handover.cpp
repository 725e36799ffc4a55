#include "engine/handover.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace buddy::engine {
namespace {

/// What goes along with a connection's descriptor. Between processes of one program on one machine.
struct Packet {
  std::int32_t peer_timeout_s;
  std::array<char, 64> host;  ///< of the peer, with a zero behind it
};

/// Room for one descriptor beside a packet.
union Descriptors {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  cmsghdr align;
};

msghdr message_for(iovec& content, Descriptors& descriptors) {
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = descriptors.bytes.data();
  message.msg_controllen = descriptors.bytes.size();
  return message;
}

/// The descriptor that came with a message, or none.
UniqueFd descriptor_in(msghdr& message) {
  const cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) return {};
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(head), sizeof fd);
  return UniqueFd(fd);
}

}  // namespace

Result<HandoverPair> make_handover() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Status(ErrorCode::system, std::string("cannot make a pair of sockets (") +
                                         std::strerror(errno) + ") raise the limit on open files");
  }
  return HandoverPair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Status hand_over(int service_end, transport::ControlSocket connection) {
  Packet packet{connection.peer().timeout_s, {}};
  const std::string& host = connection.peer().host;
  std::copy_n(host.data(), std::min(host.size(), packet.host.size() - 1), packet.host.data());
  iovec content{&packet, sizeof packet};
  Descriptors descriptors{};
  msghdr message = message_for(content, descriptors);
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = connection.fd();
  std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
  if (::sendmsg(service_end, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof packet) return {};
  const bool ended = errno == EPIPE || errno == ECONNRESET;
  return {ended ? ErrorCode::peer_died : ErrorCode::system,
          std::string("the engine cannot pass a connection on to the job's process (") +
              std::strerror(errno) + ") see whether that process is stopped"};
}

std::optional<std::uint32_t> taken_when_all_had_gone(int service_end) {
  std::optional<std::uint32_t> taken;
  std::uint32_t value = 0;
  while (::recv(service_end, &value, sizeof value, MSG_DONTWAIT) == sizeof value) taken = value;
  return taken;
}

void Handover::watch(std::vector<pollfd>& polled) const {
  polled.push_back({fd_.get(), POLLIN, 0});
}

std::vector<Admitted> Handover::take(std::span<const pollfd> ready) {
  std::vector<Admitted> admitted;
  if (ready.front().revents != 0) {
    while (take_one(admitted)) {
    }
  }
  return admitted;
}

/// \return false when there is none for now
bool Handover::take_one(std::vector<Admitted>& admitted) {
  Packet packet{};
  iovec content{&packet, sizeof packet};
  Descriptors descriptors{};
  msghdr message = message_for(content, descriptors);
  const ssize_t got = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0 && errno == EINTR) return true;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  ++taken_;
  packet.host.back() = '\0';
  // Without a descriptor, for which there was no room, it is one that has gone at once.
  transport::ControlSocket socket(descriptor_in(message),
                                  {packet.host.data(), packet.peer_timeout_s});
  admitted.push_back({std::move(socket), {}});
  return true;
}

void Handover::all_have_gone() {
  [[maybe_unused]] const ssize_t sent =
      ::send(fd_.get(), &taken_, sizeof taken_, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace buddy::engine
