#include "engine/server.hpp"

#include <poll.h>
#include <unistd.h>

#include <list>
#include <memory>
#include <utility>

#include "base/affinity.hpp"
#include "base/now_and_then.hpp"
#include "engine/sessions.hpp"
#include "link/control_socket.hpp"

namespace buddy::engine {
namespace {

constexpr int look_ms = 100;
constexpr int message_ms = 2000;

/// A rank's connection, from its Hello to its Bye.
struct Client {
  explicit Client(UniqueFd fd) : socket(std::move(fd)) {}
  link::ControlSocket socket;
  bool known_key = false;
  std::unique_ptr<Member> member;  ///< once it has joined a session
};

link::Refusal refusal(const Status& status) {
  return {static_cast<std::uint32_t>(status.code()), status.message()};
}

/// The control thread's work: one message at a time.
class Control {
 public:
  explicit Control(const ServerOptions& options)
      : options_(options), sessions_(options.workers, options.cpus, options.key) {
    const std::vector<int> cpus = options.cpus.empty() ? allowed_cpus() : options.cpus;
    cpus_.assign(cpus.begin(), cpus.end());
  }

  /// \return false if the connection is over
  bool serve(Client& client) {
    auto message = client.socket.receive(message_ms);
    if (!message.ok()) {
      lost(client);
      return false;
    }
    const bool go_on =
        std::visit([&](const auto& content) { return on(client, content); }, message.value());
    if (!go_on) lost(client);
    return go_on;
  }

  int removed_fd() const noexcept { return sessions_.event_fd(); }
  void clear_away() { sessions_.clear_away(); }
  void look_after_peers() { sessions_.look_after_peers(); }

 private:
  void lost(Client& client) {
    if (client.member) sessions_.died(*client.member);
    client.member.reset();
  }

  bool refuse(Client& client, const Status& why) {
    [[maybe_unused]] const Status sent = client.socket.send(refusal(why));
    return false;
  }

  bool on(Client& client, const link::Hello& hello) {
    if (hello.version != link::handshake_version) {
      return refuse(client,
                    {ErrorCode::mismatch, "the engine speaks another protocol version (rank " +
                                              std::to_string(hello.version) + ", engine " +
                                              std::to_string(link::handshake_version) +
                                              ") use the same Buddy everywhere"});
    }
    if (hello.key != options_.key.words) {
      return refuse(client, {ErrorCode::mismatch,
                             "the engine belongs to another job (the job key differs) start the "
                             "program with the `buddy run` that started the engine"});
    }
    client.known_key = true;
    link::Welcome welcome;
    welcome.workers = static_cast<std::uint32_t>(options_.workers);
    welcome.pid = static_cast<std::uint32_t>(::getpid());
    welcome.cpus = cpus_;
    return client.socket.send(welcome).ok();
  }

  bool on(Client& client, const link::Join& join) {
    if (!client.known_key || client.member) return false;
    auto joined = sessions_.join(join);
    if (!joined.ok()) return refuse(client, joined.status());
    client.member = std::make_unique<Member>(joined.value().member);
    return client.socket.send(joined.value().answer).ok();
  }

  bool on(Client& client, const link::Connect& connect) {
    if (!client.member) return false;
    if (Status status = sessions_.connect(*client.member, connect); !status.ok()) {
      return refuse(client, status);
    }
    return client.socket.send(link::Connected{}).ok();
  }

  bool on(Client& client, const link::Settled&) {
    if (!client.member) return false;
    sessions_.settled(*client.member);
    return true;
  }

  bool on(Client& client, const link::Bye&) {
    if (client.member) sessions_.left(*client.member);
    client.member.reset();
    return false;
  }

  /// All other messages are for ranks.
  template <class Other>
  bool on(Client&, const Other&) {
    return false;
  }

  const ServerOptions& options_;
  Sessions sessions_;
  std::vector<std::int32_t> cpus_;
};

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

}  // namespace

Status run_server(const ServerOptions& options, const std::atomic<bool>& stop) {
  auto listener = link::listen_at(options.socket_path);
  if (!listener.ok()) return listener.status();
  const SocketName name(options.socket_path);
  Control control(options);
  std::list<Client> clients;
  NowAndThen look(std::uint64_t{1'000'000} * look_ms);
  if (options.on_ready) options.on_ready();
  while (!stop.load()) {
    if (look.due()) control.look_after_peers();
    std::vector<pollfd> waiting{{listener.value().get(), POLLIN, 0},
                                {control.removed_fd(), POLLIN, 0}};
    for (const Client& client : clients) waiting.push_back({client.socket.fd(), POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), look_ms) <= 0) continue;
    if (waiting[1].revents != 0) control.clear_away();
    auto client = clients.begin();
    for (std::size_t i = 2; i < waiting.size(); ++i) {
      const bool over = waiting[i].revents != 0 && !control.serve(*client);
      client = over ? clients.erase(client) : std::next(client);
    }
    if (waiting[0].revents == 0) continue;
    if (UniqueFd fd = link::accept_own_user(listener.value().get()))
      clients.emplace_back(std::move(fd));
  }
  return {};
}

}  // namespace buddy::engine
