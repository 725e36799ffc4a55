#include "transport/rings/ring_transport.hpp"

#include <algorithm>
#include <utility>

namespace buddy::transport {

RingTransport::RingTransport(arena::ShmFile file, std::vector<RingPeer> peers,
                             const arena::Sizes& sizes)
    : file_(std::move(file)),
      all_(std::move(peers)),
      ring_bytes_(arena::ring_bytes(sizes.fabric_ring_bytes)),
      peers_(all_.size()) {}

Result<std::unique_ptr<RingTransport>> RingTransport::create(const std::string& path,
                                                             std::vector<RingPeer> peers,
                                                             const arena::Sizes& sizes) {
  auto file = arena::ShmFile::create(path, arena::fabric_arena_bytes(peers.size(), sizes));
  if (!file.ok()) return file.status();
  return std::unique_ptr<RingTransport>(
      new RingTransport(std::move(file.value()), std::move(peers), sizes));
}

std::size_t RingTransport::slot_of(AgentId agent) const noexcept {
  const auto it = std::find_if(all_.begin(), all_.end(),
                               [agent](const RingPeer& peer) { return peer.agent == agent; });
  return static_cast<std::size_t>(it - all_.begin());
}

std::span<std::byte> RingTransport::ring_in(std::span<std::byte> memory, std::size_t slot) const {
  return memory.subspan(slot * ring_bytes_, ring_bytes_);
}

Status RingTransport::connect(const AgentAddresses& addresses) {
  for (std::size_t slot = 0; slot < all_.size(); ++slot) {
    const RingPeer& other = all_[slot];
    const std::string& path = addresses.of(other.agent).arena_path;
    auto file = arena::ShmFile::open(path, other.slots * ring_bytes_);
    if (!file.ok()) return file.status();
    auto doorbell_sender = arena::DoorbellSender::open(path + ".doorbell");
    if (!doorbell_sender.ok()) return doorbell_sender.status();
    auto peer = std::make_unique<Peer>(
        Peer{std::move(file.value()), std::move(doorbell_sender.value()), {}});
    const transport::RingChannel::Ends ends{ring_in(peer->file.bytes(), other.slot),
                                            ring_in(file_.bytes(), slot)};
    peer->channel = std::make_unique<transport::RingChannel>(ends, &peer->doorbell_sender);
    peers_[slot] = std::move(peer);
  }
  return {};
}

transport::Channel* RingTransport::channel(EndId peer) noexcept {
  const std::size_t slot = peer.is_rank() ? peers_.size() : slot_of({peer.value});
  return slot < peers_.size() && peers_[slot] ? peers_[slot]->channel.get() : nullptr;
}

void RingTransport::peer_died(AgentId peer, const Status& reason) {
  const std::size_t slot = slot_of(peer);
  if (slot < peers_.size() && peers_[slot]) peers_[slot]->channel->break_with(reason);
}

}  // namespace buddy::transport
