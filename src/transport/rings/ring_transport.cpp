#include "transport/rings/ring_transport.hpp"

#include <algorithm>
#include <utility>

namespace buddy::transport {
namespace {

std::size_t slot_of(const std::vector<AgentId>& group, AgentId agent) {
  const auto it = std::find(group.begin(), group.end(), agent);
  return static_cast<std::size_t>(it - group.begin());
}

}  // namespace

RingTransport::RingTransport(arena::ShmFile file, AgentId self, std::vector<AgentId> group,
                             const arena::Sizes& sizes)
    : file_(std::move(file)),
      self_(self),
      group_(std::move(group)),
      ring_bytes_(arena::ring_bytes(sizes.fabric_ring_bytes)),
      peers_(group_.size()) {}

Result<std::unique_ptr<RingTransport>> RingTransport::create(const std::string& path, AgentId self,
                                                             std::vector<AgentId> group,
                                                             const arena::Sizes& sizes) {
  auto file = arena::ShmFile::create(path, arena::fabric_arena_bytes(group.size(), sizes));
  if (!file.ok()) return file.status();
  return std::unique_ptr<RingTransport>(
      new RingTransport(std::move(file.value()), self, std::move(group), sizes));
}

std::span<std::byte> RingTransport::ring_in(std::span<std::byte> memory, std::size_t slot) const {
  return memory.subspan(slot * ring_bytes_, ring_bytes_);
}

Status RingTransport::connect(const std::vector<AgentAddress>& addresses) {
  const std::size_t own = slot_of(group_, self_);
  for (std::size_t slot = 0; slot < group_.size(); ++slot) {
    if (slot == own) continue;
    const std::string& path = addresses[group_[slot].value].arena_path;
    auto file = arena::ShmFile::open(path, group_.size() * ring_bytes_);
    if (!file.ok()) return file.status();
    auto doorbell_sender = arena::DoorbellSender::open(path + ".doorbell");
    if (!doorbell_sender.ok()) return doorbell_sender.status();
    auto peer = std::make_unique<Peer>(
        Peer{std::move(file.value()), std::move(doorbell_sender.value()), {}});
    const transport::RingChannel::Ends ends{ring_in(peer->file.bytes(), own),
                                            ring_in(file_.bytes(), slot)};
    peer->channel = std::make_unique<transport::RingChannel>(ends, &peer->doorbell_sender);
    peers_[slot] = std::move(peer);
  }
  return {};
}

transport::Channel* RingTransport::channel(EndId peer) noexcept {
  const std::size_t slot = peer.is_rank() ? peers_.size() : slot_of(group_, {peer.value});
  return slot < peers_.size() && peers_[slot] ? peers_[slot]->channel.get() : nullptr;
}

void RingTransport::peer_died(AgentId peer, const Status& reason) {
  const std::size_t slot = slot_of(group_, peer);
  if (slot < peers_.size() && peers_[slot]) peers_[slot]->channel->break_with(reason);
}

}  // namespace buddy::transport
