// Engine to engine on one machine: a ring in each direction.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arena/doorbell.hpp"
#include "arena/shm_file.hpp"
#include "arena/sizes.hpp"
#include "transport/agent_address.hpp"
#include "transport/rings/ring_channel.hpp"
#include "transport/transport.hpp"

namespace buddy::transport {

/// Where another agent's rings are.
struct RingPeer {
  AgentId agent;
  std::size_t slot = 0;   ///< of this agent in the other one's file
  std::size_t slots = 0;  ///< that the other one's file has
};

/// An agent's rings: one inbound ring for each agent that it shares memory with, in its own file.
/// Made in two steps, because addresses are exchanged in between.
/// Threads: the agent's.
class RingTransport final : public Transport {
 public:
  /// \param path of the arena, which holds the inbound rings; the agent's doorbell is
  /// `path.doorbell` \param peers the frames of the k-th arrive in ring k
  static Result<std::unique_ptr<RingTransport>> create(const std::string& path,
                                                       std::vector<RingPeer> peers,
                                                       const arena::Sizes& sizes);
  /// Opens the peers' arenas. \pre \p addresses has all of them
  Status connect(const AgentAddresses& addresses);

  std::uint32_t progress() noexcept override { return 0; }
  transport::Channel* channel(EndId peer) noexcept override;
  int event_fd() const noexcept override { return -1; }
  bool arm() noexcept override { return true; }

  const std::string& path() const noexcept { return file_.path(); }
  void unlink() noexcept { file_.unlink(); }
  /// The peer's process has ended: its channel breaks after what it still sent.
  void peer_died(AgentId peer, const Status& reason);

 private:
  struct Peer {
    arena::ShmFile file;
    arena::DoorbellSender doorbell_sender;
    std::unique_ptr<transport::RingChannel> channel;
  };
  RingTransport(arena::ShmFile file, std::vector<RingPeer> peers, const arena::Sizes& sizes);
  std::span<std::byte> ring_in(std::span<std::byte> memory, std::size_t slot) const;
  /// \return their number if \p agent is none of them
  std::size_t slot_of(AgentId agent) const noexcept;

  arena::ShmFile file_;
  std::vector<RingPeer> all_;
  std::size_t ring_bytes_;
  std::vector<std::unique_ptr<Peer>> peers_;  ///< by slot; nullptr until connected
};

}  // namespace buddy::transport
