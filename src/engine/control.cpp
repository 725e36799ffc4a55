#include "engine/control.hpp"

#include <unistd.h>

#include <utility>

#include "base/affinity.hpp"
#include "base/clock.hpp"

namespace buddy::engine {
namespace {

transport::Refusal refusal(const Status& status) {
  return {static_cast<std::uint32_t>(status.code()), status.message()};
}

}  // namespace

Client::Client(UniqueFd fd) : socket(std::move(fd)), since_ns(monotonic_ns()) {
  socket.limit_content(transport::max_greeting_bytes);
}

Control::Control(const ServerOptions& options)
    : options_(options), sessions_(options.workers, options.cpus, options.key) {
  const std::vector<int> cpus = options.cpus.empty() ? allowed_cpus() : options.cpus;
  cpus_.assign(cpus.begin(), cpus.end());
}

bool Control::serve(Client& client) {
  auto message = client.socket.try_receive();
  if (!message.ok()) {
    lost(client);
    return false;
  }
  if (!message.value()) return true;
  const bool go_on =
      std::visit([&](const auto& content) { return on(client, content); }, *message.value());
  if (go_on) return true;
  lost(client);
  client.ending = true;
  client.since_ns = monotonic_ns();
  return client.socket.has_unsent();
}

bool Control::flush(Client& client) {
  const bool sent = client.socket.flush().ok();
  if (!sent) lost(client);
  return sent && (!client.ending || client.socket.has_unsent());
}

void Control::lost(Client& client) {
  if (client.member) sessions_.died(*client.member);
  client.member.reset();
}

bool Control::refuse(Client& client, const Status& why) {
  [[maybe_unused]] const Status sent = client.socket.post(refusal(why));
  return false;
}

bool Control::on(Client& client, const transport::Hello& hello) {
  if (hello.version != transport::handshake_version) {
    return refuse(client,
                  {ErrorCode::mismatch, "the engine speaks another protocol version (rank " +
                                            std::to_string(hello.version) + ", engine " +
                                            std::to_string(transport::handshake_version) +
                                            ") use the same Buddy everywhere"});
  }
  if (hello.key != options_.key.words) {
    return refuse(client, {ErrorCode::mismatch,
                           "the engine belongs to another job (the job key differs) start the "
                           "program with the `buddy run` that started the engine"});
  }
  if (client.known_key) return false;  // once is enough
  client.known_key = true;
  client.socket.limit_content(transport::max_message_bytes);
  transport::Welcome welcome;
  welcome.workers = static_cast<std::uint32_t>(options_.workers);
  welcome.pid = static_cast<std::uint32_t>(::getpid());
  welcome.cpus = cpus_;
  return client.socket.post(welcome).ok();
}

bool Control::on(Client& client, const transport::Join& join) {
  if (!client.known_key || client.member) return false;
  auto joined = sessions_.join(join);
  if (!joined.ok()) return refuse(client, joined.status());
  client.member = std::make_unique<Member>(joined.value().member);
  return client.socket.post(joined.value().answer).ok();
}

bool Control::on(Client& client, const transport::Connect& connect) {
  if (!client.member) return false;
  if (Status status = sessions_.connect(*client.member, connect); !status.ok()) {
    return refuse(client, status);
  }
  return client.socket.post(transport::Connected{}).ok();
}

bool Control::on(Client& client, const transport::UnlinkNames&) {
  if (!client.member) return false;
  sessions_.unlink_names(*client.member);
  return true;
}

bool Control::on(Client& client, const transport::Bye&) {
  if (client.member) sessions_.left(*client.member);
  client.member.reset();
  return false;
}

}  // namespace buddy::engine
