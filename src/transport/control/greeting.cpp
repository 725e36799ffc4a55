#include "transport/control/greeting.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "base/clock.hpp"

namespace buddy::transport {
namespace {

constexpr int answer_ms = 60'000;
/// How long a rank goes on greeting an engine that cuts it off.
constexpr std::uint64_t persistence_ns = 5'000'000'000;
constexpr auto pause = std::chrono::milliseconds(20);

/// Of a proof: says which side gives it, and for which conversation.
std::string role_of(const char* side, const Hello& hello) {
  return std::string("control ") + side + " " + std::to_string(hello.version) + " " +
         to_string(hello.job);
}
std::string rank_role(const Hello& hello) { return role_of("rank", hello); }
std::string engine_role(const Hello& hello) { return role_of("engine", hello); }

Status other_key(const char* who) {
  return {ErrorCode::mismatch, std::string("the engine belongs to another job (") + who +
                                   " does not know its key) start the program with the `buddy "
                                   "run` that started the engine, or give both the same key"};
}

}  // namespace

Result<Welcome> greet(ControlSocket& socket, const Greeting& greeting) {
  Hello hello;
  hello.job = greeting.job;
  hello.nonce = fresh_nonce();
  auto challenge = ask<Challenge>(socket, hello, answer_ms);
  if (!challenge.ok()) return challenge.status();
  const NoncePair nonces{hello.nonce, challenge.value().nonce};
  if (!is_proof(greeting.key, engine_role(hello), nonces, challenge.value().proof)) {
    const Status wrong = other_key("it");
    [[maybe_unused]] const Status told = socket.send(refusal_of(wrong));
    return wrong;
  }
  const Proof proof{prove_key(greeting.key, rank_role(hello), nonces)};
  return ask<Welcome>(socket, proof, answer_ms);
}

Result<Greeted> connect_and_greet(const Greeting& greeting) {
  const std::uint64_t deadline = monotonic_ns() + persistence_ns;
  for (;;) {
    auto socket = ControlSocket::connect(greeting.engine, greeting.peer_timeout_s);
    if (!socket.ok()) return socket.status();
    auto welcome = greet(socket.value(), greeting);
    if (welcome.ok()) return Greeted{std::move(socket.value()), std::move(welcome.value())};
    const Status why = welcome.status();
    const bool cut_off = why.code() == ErrorCode::peer_died && !socket.value().lost_machine();
    if (!cut_off) return why;
    if (monotonic_ns() > deadline) {
      return Status(ErrorCode::no_engine,
                    "the engine at " + to_string(greeting.engine) +
                        " closes every connection (it ends, speaks another protocol, or too many "
                        "crowd there) see what it says");
    }
    std::this_thread::sleep_for(pause);
  }
}

const char* describe(GreetingEnd end) {
  switch (end) {
    case GreetingEnd::malformed: return "malformed";
    case GreetingEnd::version: return "of another version";
    case GreetingEnd::machine: return "from another kind of machine";
    case GreetingEnd::key: return "with another key";
    case GreetingEnd::silent: return "too slow";
    case GreetingEnd::crowded: return "dropped to make room";
    case GreetingEnd::left: return "not finished";
  }
  return "";
}

GreetingCheck::Outcome GreetingCheck::take(const Message& message) {
  return std::visit([&](const auto& content) { return on(content); }, message);
}

GreetingCheck::Outcome GreetingCheck::on(const Hello& hello) {
  if (hello.version != handshake_version) {
    return Refused{
        GreetingEnd::version,
        refusal_of({ErrorCode::mismatch, "the engine speaks another protocol version (rank " +
                                             std::to_string(hello.version) + ", engine " +
                                             std::to_string(handshake_version) +
                                             ") use the same Buddy everywhere"})};
  }
  if (hello.machine != machine_kind) {
    return Refused{GreetingEnd::machine,
                   refusal_of({ErrorCode::mismatch,
                               "the engine runs on a machine of another kind (byte order or size "
                               "of a pointer differ) use little-endian 64-bit machines"})};
  }
  if (hello_) return Refused{GreetingEnd::malformed, {}};  // once is enough
  hello_ = hello;
  nonces_ = {hello.nonce, fresh_nonce()};
  return Challenge{nonces_.listener, prove_key(key_, engine_role(hello), nonces_)};
}

GreetingCheck::Outcome GreetingCheck::on(const Proof& proof) {
  if (!hello_) return Refused{GreetingEnd::malformed, {}};
  if (is_proof(key_, rank_role(*hello_), nonces_, proof.proof)) return Admitted{};
  return Refused{GreetingEnd::key, refusal_of(other_key("the rank"))};
}

Refusal refusal_of(const Status& status) {
  return {static_cast<std::uint32_t>(status.code()), status.message()};
}

Status status_of(const Refusal& refusal) {
  constexpr auto last = static_cast<std::uint32_t>(ErrorCode::timeout);
  const bool known = refusal.code > 0 && refusal.code <= last;  // it came from another process
  return {known ? static_cast<ErrorCode>(refusal.code) : ErrorCode::mismatch,
          "the engine refuses: " + refusal.message};
}

}  // namespace buddy::transport
