// What a rank and its engine say over the control socket. Layout in docs/formats/handshake.md.
#pragma once

#include <array>
#include <buddy/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/job_id.hpp"
#include "base/key_proof.hpp"
#include "transport/agent_address.hpp"
#include "transport/link_address.hpp"
#include "wire/job_map.hpp"

namespace buddy::transport {

inline constexpr std::uint32_t handshake_version = 7;

/// What both sides must agree on to read each other's messages: the byte order ("LE" where the
/// least significant byte comes first), the bytes of a pointer and of a size.
inline constexpr std::uint32_t machine_kind =
    0x0000454c | sizeof(void*) << 16 | sizeof(std::size_t) << 24;

/// Rank: I wish to speak. The first message. Nothing else of it is read if the version differs.
struct Hello {
  std::uint32_t version = handshake_version;
  std::uint32_t machine = machine_kind;
  JobId job;
  Nonce nonce{};
  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, machine, job.bytes, nonce);
  }
};

/// Engine: I know the key, as the proof shows. Do you?
struct Challenge {
  Nonce nonce{};
  KeyProof proof{};
  template <class Archive>
  void serialize(Archive& archive) {
    archive(nonce, proof);
  }
};

/// Rank: I know it.
struct Proof {
  KeyProof proof{};
  template <class Archive>
  void serialize(Archive& archive) {
    archive(proof);
  }
};

/// Engine: you are welcome.
struct Welcome {
  std::uint32_t workers = 0;
  std::uint32_t pid = 0;
  std::vector<std::int32_t> cpus;  ///< the workers' cores; empty: anywhere
  std::string machine;             ///< machine_identity()
  bool link_is_delayed = false;    ///< both ends wrap it in a DelayedChannel
  std::uint64_t link_latency_ns = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(workers, pid, cpus, machine, link_is_delayed, link_latency_ns);
  }
};

/// Rank: take me into a communicator.
struct Join {
  std::uint64_t session = 0;  ///< the same on all ranks of the communicator
  std::uint32_t rank = 0;
  std::uint32_t agent = 0;          ///< that serves it
  std::optional<wire::JobMap> map;  ///< of the first rank of the agent; the others leave it out
  LinkAddress link;                 ///< the rank's end
  bool engine_has_cores = false;    ///< its cores are not shared: it may spin
  template <class Archive>
  void serialize(Archive& archive) {
    archive(session, rank, agent, map, link, engine_has_cores);
  }
};

/// Engine: your link, and how other engines reach your agent.
struct Joined {
  LinkAddress link;  ///< the engine's end
  AgentAddress agent;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(link, agent);
  }
};

/// Rank: all ranks have joined; these are the agents that yours is to be connected to.
struct Connect {
  AgentAddresses agents;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(agents);
  }
};

/// Engine: done.
struct Connected {
  template <class Archive>
  void serialize(Archive&) {}
};

/// Rank: every rank is connected; names in /dev/shm can go.
struct UnlinkNames {
  template <class Archive>
  void serialize(Archive&) {}
};

/// Rank: I leave the communicator, in good order.
struct Bye {
  template <class Archive>
  void serialize(Archive&) {}
};

/// Engine: no, because. Or a rank, to an engine that does not know the key. Its kind and layout
/// stay the same in all versions.
struct Refusal {
  std::uint32_t code = 0;  ///< ErrorCode
  std::string message;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(code, message);
  }
};

using Message = std::variant<Hello, Welcome, Join, Joined, Connect, Connected, UnlinkNames, Bye,
                             Refusal, Challenge, Proof>;

}  // namespace buddy::transport
