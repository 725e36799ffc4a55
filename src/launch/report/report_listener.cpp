#include "launch/report/report_listener.hpp"

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/peer_timeout.hpp"

namespace buddy::launch {
namespace {

constexpr std::uint64_t patience_ns = 10'000'000'000;

struct Listening {
  UniqueFd socket;
  std::uint16_t port = 0;
};

/// On all addresses of \p family, at a port that is free.
std::optional<Listening> listen_on(int family) {
  UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return std::nullopt;
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  sockaddr_in four{};
  four.sin_family = AF_INET;
  const int no = 0;  // IPv4 comes in here, too
  if (family == AF_INET6) setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  auto* address =
      family == AF_INET6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
  socklen_t length = family == AF_INET6 ? sizeof six : sizeof four;
  if (bind(socket.get(), address, length) != 0 || listen(socket.get(), 1024) != 0 ||
      getsockname(socket.get(), address, &length) != 0) {
    return std::nullopt;
  }
  const auto port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
  return Listening{std::move(socket), port};
}

/// A connection for every rank needs a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<ReportListener> ReportListener::open(const Options& options) {
  raise_descriptor_limit();
  auto listening = listen_on(AF_INET6);
  if (!listening) listening = listen_on(AF_INET);
  UniqueFd poll(epoll_create1(EPOLL_CLOEXEC));
  if (!listening || !poll) {
    return Status(ErrorCode::system,
                  fmt::format("cannot listen for the other machines ({}) check the limit on open "
                              "files",
                              std::strerror(errno)));
  }
  return ReportListener(options, std::move(listening->socket), std::move(poll), listening->port);
}

ReportListener::ReportListener(Options options, UniqueFd socket, UniqueFd poll, std::uint16_t port)
    : options_(options), socket_(std::move(socket)), poll_(std::move(poll)), port_(port) {
  watch(socket_.get(), false);
}

void ReportListener::watch(int fd, bool writable) {
  epoll_event event{};
  event.events = EPOLLIN | (writable ? unsigned{EPOLLOUT} : 0u);
  if (epoll_ctl(poll_.get(), EPOLL_CTL_MOD, fd, &event) != 0) {
    epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &event);
  }
}

void ReportListener::step(ReportReader& reader) {
  accept_all();
  look_at_strangers(reader);
  look_at_callers(reader);
}

void ReportListener::accept_all() {
  const auto most = static_cast<std::size_t>(options_.ranks) + 100;
  for (int turn = 0; turn < 1024; ++turn) {
    UniqueFd caller(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!caller) return;
    [[maybe_unused]] const Status watched = watch_machine(caller.get(), options_.peer_timeout_s);
    watch(caller.get(), false);
    if (strangers_.size() >= most) {
      strangers_.pop_front();
      ++refused_;
    }
    strangers_.push_back({.stream = ReportStream(std::move(caller)), .since_ns = monotonic_ns()});
  }
}

void ReportListener::look_at_strangers(ReportReader& reader) {
  const std::uint64_t now = monotonic_ns();
  for (auto it = strangers_.begin(); it != strangers_.end();) {
    Verdict verdict = listen_to(*it, reader);
    const bool late = now - it->since_ns >= patience_ns;
    if (verdict == Verdict::undecided && late) verdict = Verdict::refused;
    if (verdict == Verdict::refused) ++refused_;
    it = verdict == Verdict::undecided ? std::next(it) : strangers_.erase(it);
  }
}

ReportListener::Verdict ReportListener::listen_to(Stranger& stranger, ReportReader& reader) {
  stranger.stream.receive();
  while (const auto message = stranger.stream.next(report_greeting_limit)) {
    const auto* hello = std::get_if<report::Hello>(&*message);
    if (hello != nullptr && !stranger.challenged && hello->version == report_version) {
      stranger.nonces = {.caller = hello->nonce, .listener = fresh_nonce()};
      stranger.challenged = true;
      stranger.stream.send(
          report::Challenge{stranger.nonces.listener,
                            prove_key(options_.key, report_listener_role, stranger.nonces)});
      continue;
    }
    const auto* join = std::get_if<report::Join>(&*message);
    const bool admitted =
        join != nullptr && stranger.challenged && take_in(stranger, *join, reader);
    return admitted ? Verdict::admitted : Verdict::refused;
  }
  return stranger.stream.state() == ReportStream::State::open ? Verdict::undecided
                                                              : Verdict::refused;
}

bool ReportListener::take_in(Stranger& stranger, const report::Join& join, ReportReader& reader) {
  if (!is_proof(options_.key, report_caller_role, stranger.nonces, join.proof)) return false;
  auto welcome = reader.admit(join);
  if (!welcome) return false;
  stranger.stream.send(std::move(*welcome));
  callers_.insert_or_assign(join.rank, ReportStream(std::move(stranger.stream)));
  return true;
}

void ReportListener::look_at_callers(ReportReader& reader) {
  std::vector<std::uint32_t> ranks;
  for (const auto& [rank, stream] : callers_) ranks.push_back(rank);
  for (const std::uint32_t rank : ranks) {
    // What the reader does may end a connection.
    const auto stream_of = [&]() -> ReportStream* {
      const auto found = callers_.find(rank);
      return found == callers_.end() ? nullptr : &found->second;
    };
    if (stream_of() == nullptr) continue;
    stream_of()->receive();
    while (ReportStream* stream = stream_of()) {
      auto message = stream->next(report_limit);
      if (!message) break;
      reader.heard(rank, std::move(*message));
    }
    ReportStream* stream = stream_of();
    if (stream == nullptr) continue;
    if (stream->state() == ReportStream::State::open) {
      watch(stream->fd(), stream->flush());
      continue;
    }
    const ReportStream::State how = stream->state();
    callers_.erase(rank);
    reader.lost(rank, how);
  }
}

void ReportListener::send(std::uint32_t rank, report::Message message) {
  const auto found = callers_.find(rank);
  if (found != callers_.end()) found->second.send(std::move(message));
}

void ReportListener::forget(std::uint32_t rank) { callers_.erase(rank); }

}  // namespace buddy::launch
