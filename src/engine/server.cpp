#include "engine/server.hpp"

#include <poll.h>

#include <iterator>
#include <list>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/now_and_then.hpp"
#include "engine/control.hpp"
#include "engine/handover.hpp"
#include "engine/reception.hpp"

namespace buddy::engine {
namespace {

constexpr int look_ms = 100;
/// How long who is refused may take to read why.
constexpr std::uint64_t last_answer_ns = 10'000'000'000;

/// The control thread: looks after all connections at the same time and waits for none.
class Server {
 public:
  Server(const ServerOptions& options, Arrivals& arrivals)
      : control_(options), arrivals_(arrivals) {}

  void run(const std::atomic<bool>& stop) {
    while (!stop.load() && !arrivals_.ended()) run_once();
  }

 private:
  void run_once();
  void serve(std::span<const pollfd> ready);
  void drop_overdue();

  Control control_;
  Arrivals& arrivals_;
  NowAndThen look_{std::uint64_t{1'000'000} * look_ms};
  std::list<Client> clients_;
};

void Server::run_once() {
  if (look_.due()) {
    control_.look_after_peers();
    for (Client& client : clients_) control_.tell_failure(client);
  }
  std::vector<pollfd> polled{{control_.removed_fd(), POLLIN, 0}};
  for (const Client& client : clients_) {
    const int in = client.ending ? 0 : POLLIN;
    const int out = client.socket.has_unsent() ? POLLOUT : 0;
    polled.push_back({client.socket.fd(), static_cast<short>(in | out), 0});
  }
  arrivals_.watch(polled);
  ::poll(polled.data(), polled.size(), look_ms);
  if (polled[0].revents != 0) control_.clear_away();
  bool had_some = !clients_.empty();
  const std::span<const pollfd> ready = std::span(polled).subspan(1);
  const std::size_t present = clients_.size();
  serve(ready.first(present));
  drop_overdue();
  for (Admitted& admitted : arrivals_.take(ready.subspan(present))) {
    had_some = true;
    clients_.emplace_back(std::move(admitted.socket));
    if (!control_.welcome(clients_.back())) clients_.pop_back();  // it has gone already
  }
  if (had_some && clients_.empty()) arrivals_.all_have_gone();
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
    return client.ending && now - client.ending_since_ns > last_answer_ns;
  });
}

}  // namespace

Status run_server(const ServerOptions& options, const ListenOptions& listen,
                  const std::atomic<bool>& stop) {
  constexpr int on_this_machine = 0;
  auto listener = transport::ControlListener::open(
      transport::ControlAddress::unix_socket(listen.socket_path), on_this_machine);
  if (!listener.ok()) return listener.status();
  Reception reception(
      std::move(listener.value()),
      {.key = options.key, .greeting_limit_ms = listen.greeting_limit_ms, .max_strangers = 128});
  Server server(options, reception);
  if (listen.on_ready) listen.on_ready();
  server.run(stop);
  return {};
}

Status run_job(const ServerOptions& options, UniqueFd handover, const std::atomic<bool>& stop) {
  Handover arrivals(std::move(handover));
  Server server(options, arrivals);
  server.run(stop);
  return {};
}

}  // namespace buddy::engine
