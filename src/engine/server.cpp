#include "engine/server.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/now_and_then.hpp"
#include "engine/control.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::engine {
namespace {

constexpr int look_ms = 100;
/// Connections that have not shown the key. Ranks do so at once, so more are no ranks.
constexpr std::size_t max_strangers = 128;
/// How long a stranger is safe from making room for another one.
constexpr std::uint64_t safe_ns = 200'000'000;
/// Connections taken between two looks at those that there are.
constexpr int accepts_at_once = 64;

/// Removes the socket's name when the server ends.
class SocketName {
 public:
  explicit SocketName(std::string path) : path_(std::move(path)) {}
  SocketName(const SocketName&) = delete;
  SocketName& operator=(const SocketName&) = delete;
  ~SocketName() { ::unlink(path_.c_str()); }

 private:
  std::string path_;
};

/// The control thread: looks after all connections at the same time and waits for none.
class Server {
 public:
  Server(const ServerOptions& options, UniqueFd listener)
      : listener_(std::move(listener)),
        control_(options),
        limit_ns_(static_cast<std::uint64_t>(options.greeting_limit_ms) * 1'000'000) {}

  void run_once();

 private:
  void serve(std::span<const pollfd> ready);
  void drop_overdue();
  void accept_clients();
  bool make_room();

  UniqueFd listener_;
  Control control_;
  NowAndThen look_{std::uint64_t{1'000'000} * look_ms};
  std::uint64_t limit_ns_;     ///< for a greeting, and for reading the last answer
  std::list<Client> clients_;  ///< the oldest first
  bool full_ = false;          ///< nobody else can be taken for now
};

void Server::run_once() {
  if (look_.due()) control_.look_after_peers();
  std::vector<pollfd> polled{{full_ ? -1 : listener_.get(), POLLIN, 0},
                             {control_.removed_fd(), POLLIN, 0}};
  for (const Client& client : clients_) {
    const int in = client.ending ? 0 : POLLIN;
    const int out = client.socket.has_unsent() ? POLLOUT : 0;
    polled.push_back({client.socket.fd(), static_cast<short>(in | out), 0});
  }
  const bool any = ::poll(polled.data(), polled.size(), look_ms) > 0;
  if (any && polled[1].revents != 0) control_.clear_away();
  if (any) serve(std::span(polled).subspan(2));
  drop_overdue();
  if (full_ || (any && polled[0].revents != 0)) accept_clients();
}

/// In the order of the list.
void Server::serve(std::span<const pollfd> ready) {
  auto client = clients_.begin();
  for (const pollfd& each : ready) {
    const int events = each.revents;
    bool stays = true;
    if ((events & POLLOUT) != 0) stays = control_.flush(*client);
    // Reading shows that a peer has gone; writing shows that it reads no more.
    if (stays && !client->ending && (events & ~POLLOUT) != 0) stays = control_.serve(*client);
    if (stays && client->ending && (events & (POLLERR | POLLHUP)) != 0) stays = false;
    client = stays ? std::next(client) : clients_.erase(client);
  }
}

void Server::drop_overdue() {
  const std::uint64_t now = monotonic_ns();
  clients_.remove_if([&](const Client& client) {
    return (!client.known_key || client.ending) && now - client.since_ns > limit_ns_;
  });
}

/// \return false if everybody who could go is too young
bool Server::make_room() {
  const auto is_stranger = [](const Client& client) { return !client.known_key; };
  const auto strangers = std::count_if(clients_.begin(), clients_.end(), is_stranger);
  if (static_cast<std::size_t>(strangers) < max_strangers && !full_) return true;
  const auto oldest = std::find_if(clients_.begin(), clients_.end(), is_stranger);
  if (oldest == clients_.end() || monotonic_ns() - oldest->since_ns < safe_ns) {
    return static_cast<std::size_t>(strangers) < max_strangers;
  }
  clients_.erase(oldest);
  return true;
}

void Server::accept_clients() {
  for (int i = 0; i < accepts_at_once; ++i) {
    if (!make_room()) {
      full_ = true;
      return;
    }
    auto taken = transport::accept_own_user(listener_.get());
    full_ = !taken.ok();
    if (!taken.ok() || !taken.value()) return;
    clients_.emplace_back(std::move(taken.value()));
    // Its greeting is here already, most of the time.
    if (!control_.serve(clients_.back())) clients_.pop_back();
  }
}

}  // namespace

Status run_server(const ServerOptions& options, const std::atomic<bool>& stop) {
  auto listener = transport::listen_at(options.socket_path);
  if (!listener.ok()) return listener.status();
  const SocketName name(options.socket_path);
  Server server(options, std::move(listener.value()));
  if (options.on_ready) options.on_ready();
  while (!stop.load()) server.run_once();
  return {};
}

}  // namespace buddy::engine
