// The link between a rank and its engine, whatever carries it. docs/design/links.md
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "arena/doorbell.hpp"
#include "arena/rank_slot.hpp"
#include "arena/sizes.hpp"
#include "base/counters.hpp"
#include "base/ids.hpp"
#include "base/job_key.hpp"
#include "base/status.hpp"
#include "transport/channel.hpp"
#include "transport/link_address.hpp"
#include "transport/network.hpp"

namespace buddy::transport {

/// The rank's end. Steps in this order: make, say the address to the engine, connect to what it
/// answers, use. What it needs apart from the channel (ways to be woken, the engine's counters,
/// where the rank says what it does) lies in shared memory or in this process: nobody else cares.
/// Threads: the rank's.
class RankLink {
 public:
  RankLink() = default;
  RankLink(const RankLink&) = delete;
  RankLink& operator=(const RankLink&) = delete;
  virtual ~RankLink() = default;

  virtual LinkAddress address() const = 0;
  /// \param engine the engine's end. \param engine_host its machine, for messages. Errors: those of
  /// the wire; mismatch if it is another wire's
  virtual Status connect(const LinkAddress& engine, const std::string& engine_host) = 0;

  // ---- \pre connect() succeeded

  virtual Channel& channel() noexcept = 0;
  /// Moves network work forward. \return how much moved; 0 where memory is shared
  virtual std::uint32_t progress() noexcept { return 0; }
  /// What ends a sleep: a doorbell or a descriptor, nullptr or -1 if it is the other.
  virtual arena::Doorbell* doorbell() noexcept { return nullptr; }
  virtual int event_fd() const noexcept { return -1; }
  /// Prepares to sleep on event_fd(). \return false if there is work already
  virtual bool arm() noexcept { return true; }

  /// The engine's, as far as it has told.
  virtual const CounterTable& counters() const noexcept = 0;
  virtual arena::RankSlot& slot() noexcept = 0;
  /// Non-zero while the engine waits for work; for ever zero if this end cannot know.
  virtual const std::atomic<std::uint32_t>& idle_word() const noexcept = 0;
  /// ok, or why the job has failed, for a rank that can take no frames. Cost: a load.
  virtual Status noted_failure() const { return {}; }
  /// Removes what has a name in the file system.
  virtual void unlink_names() noexcept {}
};

struct RankLinkOptions {
  RankId rank;
  AgentId agent;            ///< that serves it
  std::uint32_t index = 0;  ///< of the rank among those of the agent
  JobKey key;
  arena::Sizes sizes{};
  std::uint64_t round_trip_ns = 0;  ///< to the engine and back; 0: unknown
};

/// \return a link that is not connected. Errors: those of the wire
Result<std::unique_ptr<RankLink>> make_rank_link(LinkKind kind, const RankLinkOptions& options);

/// The engine's end. Threads: one at a time.
class EngineLink {
 public:
  EngineLink() = default;
  EngineLink(const EngineLink&) = delete;
  EngineLink& operator=(const EngineLink&) = delete;
  virtual ~EngineLink() = default;

  virtual LinkAddress address() const = 0;
  /// The rank, if the agent's network has to connect to it.
  virtual std::optional<NetworkTransport::Peer> peer() const { return std::nullopt; }
  /// \param network of the agent, connected; nullptr if it has none
  virtual Channel* channel(Transport* network) noexcept = 0;
};

struct EngineLinkOptions {
  RankId rank;
  std::string path;           ///< of a file that shared memory may need, in the agent's directory
  std::string doorbell_path;  ///< the agent's
  std::string counters_path;  ///< the agent's
  arena::Sizes sizes{};
  NetworkTransport* network = nullptr;  ///< the agent's, if the rank's wire is a network
  std::uint64_t round_trip_ns = 0;      ///< to the rank and back; 0: unknown
  std::string rank_host{};              ///< its machine, for messages; empty: unknown
};

/// Answers a rank whose end is at \p rank. Errors: those of the wire; corrupt
Result<std::unique_ptr<EngineLink>> make_engine_link(const LinkAddress& rank,
                                                     const EngineLinkOptions& options);

}  // namespace buddy::transport
