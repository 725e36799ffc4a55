#include "engine/control.hpp"

#include <unistd.h>

#include <utility>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "base/host_name.hpp"
#include "base/machine_identity.hpp"
#include "transport/control/greeting.hpp"
#include "transport/control/message_stream.hpp"

namespace buddy::engine {
namespace {

/// What the others are told of a rank that is gone.
Status end_of(const Member& member, const transport::ControlSocket& socket) {
  const std::string rank = "rank " + std::to_string(member.rank.value);
  const auto& [peer_host, timeout_s] = socket.peer();
  const std::string host = peer_host.empty() ? host_name() : peer_host;
  if (socket.lost_machine()) {
    return {ErrorCode::peer_died,
            "the machine of " + rank + ", " + host + ", does not answer (nothing for " +
                std::to_string(timeout_s) + " s) see whether it runs and is on the network"};
  }
  return {ErrorCode::peer_died, rank + " on " + host +
                                    " has ended (its connection to the engine broke) look at its "
                                    "output"};
}

}  // namespace

Client::Client(transport::ControlSocket connection) : socket(std::move(connection)) {
  socket.limit_content(transport::max_message_bytes);
}

Control::Control(const ServerOptions& options)
    : options_(options), sessions_(options), budget_(options.limits) {
  const std::vector<int> cpus = options.cpus.empty() ? allowed_cpus() : options.cpus;
  cpus_.assign(cpus.begin(), cpus.end());
}

bool Control::welcome(Client& client) {
  transport::Welcome welcome;
  welcome.workers = static_cast<std::uint32_t>(options_.workers);
  welcome.pid = static_cast<std::uint32_t>(::getpid());
  welcome.cpus = cpus_;
  welcome.machine = machine_identity();
  welcome.link_is_delayed = options_.dpu.delays();
  welcome.link_latency_ns = options_.dpu.latency_ns();
  return client.socket.post(welcome).ok();
}

void Control::tell_failure(Client& client) {
  if (!client.member || client.knows_failure || client.ending) return;
  const Status failure = sessions_.failure_of(*client.member);
  if (failure.ok()) return;
  client.knows_failure = true;
  [[maybe_unused]] const Status sent = client.socket.post(transport::refusal_of(failure));
}

bool Control::serve(Client& client) {
  auto message = client.socket.try_receive();
  if (!message.ok()) {
    lost(client);
    return false;
  }
  if (!message.value()) return true;
  const bool go_on =
      std::visit([&](auto& content) { return on(client, content); }, *message.value());
  if (go_on) return true;
  lost(client);
  client.ending = true;
  client.ending_since_ns = monotonic_ns();
  return client.socket.has_unsent();
}

bool Control::flush(Client& client) {
  const bool sent = client.socket.flush().ok();
  if (!sent) lost(client);
  return sent && (!client.ending || client.socket.has_unsent());
}

void Control::lost(Client& client) {
  if (!client.member) return;
  sessions_.died(*client.member, end_of(*client.member, client.socket));
  forget(client);
}

void Control::forget(Client& client) {
  budget_.give_back(client.member->session, client.member->agent);
  client.member.reset();
}

bool Control::refuse(Client& client, const Status& why) {
  [[maybe_unused]] const Status sent = client.socket.post(transport::refusal_of(why));
  return false;
}

bool Control::on(Client& client, transport::Join& join) {
  if (client.member) return false;
  join.engine_has_cores = join.engine_has_cores && !options_.shares_cores;
  if (Status sane = check_join(join); !sane.ok()) return refuse(client, sane);
  const auto map = sessions_.map_for(join);
  if (!map.ok()) return refuse(client, map.status());
  const AgentId agent{join.agent};
  const std::uint64_t round_trip_ns = client.socket.round_trip_ns();
  const std::uint64_t surplus = link_surplus_bytes(join.link.kind, *map.value(), round_trip_ns);
  if (Status within = budget_.take(join.session, agent, *map.value(), surplus); !within.ok()) {
    return refuse(client, within);
  }
  auto joined = sessions_.join(join, map.value(), {round_trip_ns, client.socket.peer().host});
  if (!joined.ok()) {
    budget_.take_back(join.session, agent, surplus);
    return refuse(client, joined.status());
  }
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
  if (!client.member) return false;
  sessions_.left(*client.member);
  forget(client);
  return false;
}

}  // namespace buddy::engine
