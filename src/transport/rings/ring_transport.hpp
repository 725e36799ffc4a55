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

/// An agent's place in its memory group: one inbound ring per member, in the member's own file.
/// Made in two steps, because addresses are exchanged in between.
/// Threads: the agent's.
class RingTransport final : public Transport {
 public:
  /// \param path of the arena, which holds the inbound rings; the agent's doorbell is
  /// `path.doorbell` \param group members, own agent included, the same on all of them: member k's
  /// frames arrive
  ///        in ring k
  static Result<std::unique_ptr<RingTransport>> create(const std::string& path, AgentId self,
                                                       std::vector<AgentId> group,
                                                       const arena::Sizes& sizes);
  /// Opens the other members' arenas. \param addresses by agent, of all agents of the job
  Status connect(const std::vector<AgentAddress>& addresses);

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
  RingTransport(arena::ShmFile file, AgentId self, std::vector<AgentId> group,
                const arena::Sizes& sizes);
  std::span<std::byte> ring_in(std::span<std::byte> memory, std::size_t slot) const;

  arena::ShmFile file_;
  AgentId self_;
  std::vector<AgentId> group_;
  std::size_t ring_bytes_;
  std::vector<std::unique_ptr<Peer>> peers_;  ///< by slot; nullptr for self
};

}  // namespace buddy::transport
