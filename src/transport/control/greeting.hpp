// Admission: each side of a new connection shows the other that it knows the job's key.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/job_id.hpp"
#include "base/key_proof.hpp"
#include "base/status.hpp"
#include "transport/control/control_address.hpp"
#include "transport/control/control_socket.hpp"
#include "transport/control/handshake.hpp"

namespace buddy::transport {

/// Whom a rank greets, and as whom.
struct Greeting {
  ControlAddress engine;
  JobKey key;
  JobId job;
  int peer_timeout_s;  ///< see ControlSocket::connect()
};

struct Greeted {
  ControlSocket socket;
  Welcome welcome;
};

/// The rank's side: connects, proves the key, and lets the engine prove it. Waits; tries again for
/// a while if the engine, at which strangers may crowd, cuts it off.
/// Errors: no_engine, mismatch (version, machine, key), peer_died, and the engine's refusals.
Result<Greeted> connect_and_greet(const Greeting& greeting);

/// The same on a connection that is there, once.
Result<Welcome> greet(ControlSocket& socket, const Greeting& greeting);

/// Why a connection came to nothing.
enum class GreetingEnd {
  malformed,  ///< said something that is no greeting
  version,
  machine,
  key,
  silent,   ///< took too long
  crowded,  ///< made room for others
  left,     ///< ended before it had said all
};
inline constexpr std::size_t greeting_ends = 7;
/// "of another version", to be read after a number of greetings.
const char* describe(GreetingEnd end);

/// The engine's side of one greeting: what to answer. Whom it says admitted knows the key.
/// Threads: one at a time.
class GreetingCheck {
 public:
  struct Refused {
    GreetingEnd why;
    std::optional<Refusal> answer;  ///< nothing for who would not understand it
  };
  struct Admitted {};
  using Outcome = std::variant<Challenge, Admitted, Refused>;

  explicit GreetingCheck(const JobKey& key) : key_(key) {}

  Outcome take(const Message& message);
  /// Ids of the job, as the greeting has it.
  const JobId& job() const noexcept { return hello_->job; }

 private:
  Outcome on(const Hello& hello);
  Outcome on(const Proof& proof);
  Outcome on(const Refusal&) { return Refused{GreetingEnd::key, {}}; }
  template <class Other>
  Outcome on(const Other&) {
    return Refused{GreetingEnd::malformed, {}};
  }

  JobKey key_;
  std::optional<Hello> hello_;
  NoncePair nonces_;
};

/// A status as a message, and back.
Refusal refusal_of(const Status& status);
Status status_of(const Refusal& refusal);

/// The engine's answer as a T, or its refusal.
template <class T>
Result<T> ask(ControlSocket& socket, const Message& question, int answer_ms) {
  if (Status status = socket.send(question); !status.ok()) return status;
  auto answer = socket.receive(answer_ms);
  if (!answer.ok()) return answer.status();
  if (auto* wanted = std::get_if<T>(&answer.value())) return std::move(*wanted);
  if (const auto* refusal = std::get_if<Refusal>(&answer.value())) return status_of(*refusal);
  return Status(ErrorCode::mismatch,
                "the engine answered something else than was asked (its "
                "version differs) use the same Buddy everywhere");
}

}  // namespace buddy::transport
