// What the command and those who watch its ranks on several machines say to each other.
// Bytes: docs/formats/report_channel.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/key_proof.hpp"

namespace buddy::launch {

inline constexpr std::uint32_t report_version = 2;
inline constexpr std::size_t report_header_bytes = 8;  ///< length and kind
/// Most bytes of a message's content: before the caller has shown the key, and after that.
inline constexpr std::size_t report_greeting_limit = 4096;
inline constexpr std::size_t report_limit = std::size_t{64} << 20;

/// Who proves the key to whom, for prove_key().
inline constexpr std::string_view report_listener_role = "buddy report: command to rank";
inline constexpr std::string_view report_caller_role = "buddy report: rank to command";

namespace report {

using Bytes32 = std::array<std::byte, 32>;

/// From the caller: the first word.
struct Hello {
  std::uint32_t version = report_version;
  Bytes32 nonce{};
  void fields(auto& io) { io(version), io(nonce); }
};

/// From the listener, who shows the key first: its proof is worthless to anybody else.
struct Challenge {
  Bytes32 nonce{};
  Bytes32 proof{};
  void fields(auto& io) { io(nonce), io(proof); }
};

/// From the caller.
struct Join {
  Bytes32 proof{};
  std::uint32_t rank = 0;
  std::uint32_t local_index = 0;  ///< among the ranks of its machine
  std::uint32_t local_ranks = 0;
  void fields(auto& io) { io(proof), io(rank), io(local_index), io(local_ranks); }
};

/// From the listener: what to do on the machine.
struct Welcome {
  std::string host{};               ///< what the machine is called in the host file
  std::string host_cpus{};          ///< list, empty: all but the engines'
  std::string engine_cpus{};        ///< list, empty: any
  std::uint32_t engines = 0;        ///< to be started on this machine
  std::uint32_t workers = 0;        ///< of each
  std::string placement{};          ///< host, shared, engine or dpu
  std::string dpu{};                ///< that is emulated, or empty
  std::string engine_address{};     ///< of an engine that runs as a service, or empty
  std::uint32_t wants_result = 0;   ///< 1: the file that the program writes its result to
  std::uint32_t wants_profile = 0;  ///< 1: those of its profile
  void fields(auto& io) {
    io(host), io(host_cpus), io(engine_cpus), io(engines), io(workers), io(placement), io(dpu),
        io(engine_address), io(wants_result), io(wants_profile);
  }
};

/// From the caller: the program runs. How many CPUs there are for the ranks of its machine.
struct Started {
  std::uint32_t host_cpus = 0;
  std::uint32_t engine_cpus = 0;
  void fields(auto& io) { io(host_cpus), io(engine_cpus); }
};

/// From the caller: the program did not end well, or could not be started.
struct Failed {
  std::uint32_t pid = 0;
  std::uint32_t code = 0;
  std::uint32_t signal = 0;
  std::string why{};  ///< it could not be started: "problem (why) what to do"
  void fields(auto& io) { io(pid), io(code), io(signal), io(why); }
};

/// From the caller: an engine of its machine failed.
struct EngineFailed {
  std::uint32_t node = 0;
  std::uint32_t pid = 0;
  std::uint32_t code = 0;
  std::uint32_t signal = 0;
  void fields(auto& io) { io(node), io(pid), io(code), io(signal); }
};

/// From the caller: an engine of its machine has ended; what it has used.
struct EngineEnded {
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};
  std::uint32_t node = 0;
  std::uint32_t pid = 0;
  std::uint64_t user_us = 0;
  std::uint64_t system_us = 0;
  std::uint64_t peak_memory_bytes = 0;
  std::uint64_t run_delay_ns = unknown;
  void fields(auto& io) {
    io(node), io(pid), io(user_us), io(system_us), io(peak_memory_bytes), io(run_delay_ns);
  }
};

/// From the caller: a file that the program has written for the command.
struct File {
  static constexpr std::uint32_t result = 0;
  static constexpr std::uint32_t profile = 1;
  std::uint32_t purpose = result;
  std::string name{};  ///< within the folder of profiles
  std::string bytes{};
  void fields(auto& io) { io(purpose), io(name), io(bytes); }
};

/// From the caller: the program has ended, and all that there is to say of it is said.
struct Ended {
  void fields(auto&) {}
};

/// From the listener: the caller may go, and end the engines of its machine.
struct Finish {
  void fields(auto&) {}
};

/// From the listener: the job is to end.
struct End {
  std::uint32_t signal = 0;    ///< which the program gets at once
  std::uint32_t grace_ms = 0;  ///< after which it is killed
  void fields(auto& io) { io(signal), io(grace_ms); }
};

using Message = std::variant<Hello, Challenge, Join, Welcome, Started, Failed, EngineFailed,
                             EngineEnded, File, Ended, Finish, End>;

/// Header and content.
std::string encode(Message message);
/// The message of \p kind with exactly this content; nothing if it cannot be.
std::optional<Message> decode(std::uint32_t kind, std::string_view content);

}  // namespace report
}  // namespace buddy::launch
