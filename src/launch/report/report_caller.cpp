#include "launch/report/report_caller.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <variant>

#include "base/key_proof.hpp"
#include "base/peer_timeout.hpp"

namespace buddy::launch {
namespace {

/// Of one address: it may be one of a network that this machine does not reach.
constexpr std::chrono::seconds connect_limit{5};
constexpr std::chrono::seconds greeting_limit{30};

using Clock = std::chrono::steady_clock;

/// Why an attempt came to nothing.
using Failure = std::string;

bool wait_for(int fd, short events, Clock::time_point limit) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(limit - Clock::now()).count();
    pollfd one{fd, events, 0};
    const int ready = poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

/// Of "ADDRESS:PORT" or "[ADDRESS]:PORT".
std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> find_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string host(text.substr(0, colon));
  const std::string port(colon == text.npos ? "" : text.substr(colon + 1));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &freeaddrinfo};
}

std::variant<UniqueFd, Failure> connect_to(const addrinfo& address, Clock::time_point limit) {
  UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return std::strerror(errno);
  if (connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return std::strerror(errno);
  if (!wait_for(socket.get(), POLLOUT, limit)) return "no answer";
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return std::strerror(error);
  return socket;
}

/// The next message, if it comes in time and is a T.
template <class T>
std::optional<T> expect(ReportStream& stream, Clock::time_point limit) {
  for (;;) {
    if (auto message = stream.next(report_greeting_limit)) {
      T* wanted = std::get_if<T>(&*message);
      return wanted != nullptr ? std::optional<T>(std::move(*wanted)) : std::nullopt;
    }
    if (stream.state() != ReportStream::State::open) return std::nullopt;
    if (!wait_for(stream.fd(), POLLIN, limit)) return std::nullopt;
    stream.receive();
  }
}

std::variant<ReportLine, Failure> greet(UniqueFd socket, const ReportCall& call,
                                        Clock::time_point limit) {
  [[maybe_unused]] const Status watched = watch_machine(socket.get(), call.peer_timeout_s);
  ReportStream stream(std::move(socket));
  NoncePair nonces{.caller = fresh_nonce(), .listener = {}};
  stream.send(report::Hello{report_version, nonces.caller});
  const auto challenge = expect<report::Challenge>(stream, limit);
  if (!challenge) return "what answers is no `buddy` of this version";
  nonces.listener = challenge->nonce;
  if (!is_proof(call.key, report_listener_role, nonces, challenge->proof)) {
    return "what answers does not know this job's key";
  }
  stream.send(report::Join{prove_key(call.key, report_caller_role, nonces), call.rank,
                           call.local_index, call.local_ranks});
  auto welcome = expect<report::Welcome>(stream, limit);
  if (!welcome) return "this rank is refused: it is not where it was to be started";
  return ReportLine{std::move(stream), std::move(*welcome)};
}

std::variant<ReportLine, Failure> try_address(std::string_view text, const ReportCall& call) {
  const auto address = find_address(text);
  if (!address) return "not an address";
  auto socket = connect_to(*address, Clock::now() + connect_limit);
  if (auto* why = std::get_if<Failure>(&socket)) return *why;
  // The kernel has taken the connection; the command may be busy, or stopped for a while.
  const auto limit =
      Clock::now() + std::max(greeting_limit, std::chrono::seconds(call.peer_timeout_s));
  return greet(std::move(std::get<UniqueFd>(socket)), call, limit);
}

}  // namespace

Result<ReportLine> call_command(const ReportCall& call) {
  std::string failures;
  for (std::string_view rest = call.addresses; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    auto line = try_address(one, call);
    if (auto* good = std::get_if<ReportLine>(&line)) return std::move(*good);
    failures += fmt::format("{}{}: {}", failures.empty() ? "" : ", ", one, std::get<Failure>(line));
  }
  return Status(ErrorCode::system,
                fmt::format("cannot reach the command that started this rank ({}) let the job's "
                            "machines connect to it, whatever the port",
                            failures));
}

}  // namespace buddy::launch
