#include "transport/ucx/ucx_transport.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/contract.hpp"
#include "instrument/activity.hpp"
#include "transport/ucx/ucx_channel.hpp"
#include "transport/ucx/ucx_token.hpp"
#include "transport/ucx/ucx_worker.hpp"

namespace buddy::transport {
namespace {

constexpr std::uint64_t drain_limit_ns = 200'000'000;
constexpr std::uint64_t close_limit_ns = 50'000'000;

}  // namespace

class UcxTransport::Impl {
 public:
  Impl(const UcxOptions& options, std::unique_ptr<UcxWorker> worker)
      : options_(options), worker_(std::move(worker)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { leave(); }

  Status connect(EndId self, const JobKey& key, const std::vector<Peer>& peers);
  std::uint32_t progress() noexcept;
  bool arm() noexcept;
  UcxChannel* channel(EndId peer) noexcept {
    PeerEntry* entry = find(peer);
    return entry == nullptr ? nullptr : entry->channel.get();
  }

  const UcxWorker& worker() const noexcept { return *worker_; }
  const UcxStats& stats() const noexcept { return stats_; }
  std::size_t window_bytes() const noexcept { return window_bytes_; }
  std::uint64_t take_unauthenticated() noexcept { return std::exchange(unauthenticated_, 0); }

 private:
  struct PeerEntry {
    std::unique_ptr<UcxChannel> channel;
    std::uint64_t token = 0;  ///< what its packets must carry
  };

  static ucs_status_t on_packet(void* impl, const void* header, std::size_t header_length,
                                void* data, std::size_t length, const ucp_am_recv_param_t* param);
  void receive(std::span<const std::byte> packet) noexcept;
  void drop_unauthenticated() noexcept {
    ++stats_.rejected;
    ++unauthenticated_;
    ++stats_.moved;  // so that somebody asks
  }
  PeerEntry* find(EndId end) noexcept {
    const auto it = peers_.find(end.value);
    return it == peers_.end() ? nullptr : &it->second;
  }
  /// Between a rank and its agent, not between agents.
  bool is_link(const Peer& peer) const noexcept { return peer.end.is_rank() || self_.is_rank(); }
  UcxShape shape_for(const Peer& peer) const {
    const auto frame = options_.max_frame_bytes;
    if (options_.window_bytes != 0) return ucx_shape_of(frame, options_.window_bytes);
    return is_link(peer) ? ucx_shape(frame, 1, options_.link_memory_bytes, peer.round_trip_ns)
                         : ucx_shape(frame, agents_, options_.memory_bytes, peer.round_trip_ns);
  }
  Status add(const Peer& peer, const JobKey& key);
  void leave() noexcept;
  template <class Condition>
  void wait_until(std::uint64_t limit_ns, Condition condition) noexcept;
  template <class Visit>
  void for_each(Visit visit) {
    for (UcxChannel* channel : channels_) visit(*channel);
  }

  UcxOptions options_;
  UcxStats stats_;
  std::uint64_t unauthenticated_ = 0;
  std::size_t agents_ = 0;        ///< among the peers
  std::size_t window_bytes_ = 0;  ///< of the peer that was added last
  EndId self_;
  // The worker goes before the channels: until then UCX may read their buffers.
  std::unordered_map<std::uint32_t, PeerEntry> peers_;  ///< by EndId
  std::vector<UcxChannel*> channels_;
  std::unique_ptr<UcxWorker> worker_;
};

// ---- life -----------------------------------------------------------------------------------

Status UcxTransport::Impl::connect(EndId self, const JobKey& key, const std::vector<Peer>& peers) {
  BUDDY_EXPECT(channels_.empty());
  self_ = self;
  agents_ = static_cast<std::size_t>(
      std::count_if(peers.begin(), peers.end(), [&](const Peer& peer) { return !is_link(peer); }));
  for (const Peer& peer : peers) {
    if (Status status = add(peer, key); !status.ok()) return status;
  }
  // Packets may come as soon as an endpoint is there, so everything else has to be.
  if (Status status = worker_->receive(&Impl::on_packet, this); !status.ok()) return status;
  for (const Peer& peer : peers) {
    Status status = channel(peer.end)->connect(worker_->get(), unseal_address(peer.address));
    if (!status.ok()) return status;
  }
  return {};
}

Status UcxTransport::Impl::add(const Peer& peer, const JobKey& key) {
  const std::string name = to_string(peer.end);
  if (unseal_address(peer.address).empty()) {
    return {ErrorCode::corrupt, "the network address of " + name +
                                    " is damaged (its seal does not fit) start the job again"};
  }
  if (peer.end == self_ || find(peer.end) != nullptr) {
    return {ErrorCode::invalid_argument,
            name + " cannot be connected (it is this one, or there already) give each peer once"};
  }
  const UcxShape shape = shape_for(peer);
  window_bytes_ = shape.window_bytes;
  PeerEntry& entry = peers_[peer.end.value];
  const UcxChannel::Identity identity{self_, peer.end, peer_token(key, self_, peer.end), peer.host};
  entry.channel = std::make_unique<UcxChannel>(identity, shape, stats_, options_.trace);
  entry.token = peer_token(key, peer.end, self_);
  channels_.push_back(entry.channel.get());
  return {};
}

template <class Condition>
void UcxTransport::Impl::wait_until(std::uint64_t limit_ns, Condition condition) noexcept {
  const std::uint64_t deadline = monotonic_ns() + limit_ns;
  for (;;) {
    bool all = true;
    for_each([&](UcxChannel& channel) { all = condition(channel) && all; });
    if (all || monotonic_ns() >= deadline) return;
    worker_->progress();
  }
}

void UcxTransport::Impl::leave() noexcept {
  for_each([](UcxChannel& channel) { channel.send_all(); });
  wait_until(drain_limit_ns, [](UcxChannel& channel) {
    return channel.drained() || (channel.peer_left() && channel.needs_no_progress());
  });
  for_each([](UcxChannel& channel) { channel.close(); });
  wait_until(close_limit_ns, [](UcxChannel& channel) { return channel.closed(); });
}

// ---- work -----------------------------------------------------------------------------------

std::uint32_t UcxTransport::Impl::progress() noexcept {
  if (channels_.empty()) return 0;
  ActivityScope scope(Activity::network);
  const std::uint64_t before = stats_.moved;
  const unsigned happened = worker_->progress();
  for_each([](UcxChannel& channel) { channel.service(); });
  const std::uint32_t moved = happened + static_cast<std::uint32_t>(stats_.moved - before);
  if (moved == 0) scope.relabel(Activity::waiting);
  return moved;
}

bool UcxTransport::Impl::arm() noexcept {
  for_each([](UcxChannel& channel) { channel.send_all(); });
  return worker_->arm();
}

ucs_status_t UcxTransport::Impl::on_packet(void* impl, const void* /*header*/,
                                           std::size_t header_length, void* data,
                                           std::size_t length, const ucp_am_recv_param_t* param) {
  auto& self = *static_cast<Impl*>(impl);
  // Buddy sends no user header and no rendezvous; without a receive UCX drops the latter.
  const bool eager = (param->recv_attr & UCP_AM_RECV_ATTR_FLAG_RNDV) == 0;
  if (!eager || header_length != 0 || length < sizeof(PacketHeader)) {
    self.drop_unauthenticated();
  } else {
    self.receive({static_cast<const std::byte*>(data), length});
  }
  return UCS_OK;
}

void UcxTransport::Impl::receive(std::span<const std::byte> packet) noexcept {
  PacketHeader header;
  std::memcpy(&header, packet.data(), sizeof header);
  const PeerEntry* from = find({header.source});
  if (header.magic != packet_magic || from == nullptr || header.destination != self_.value ||
      header.token != from->token) {
    return drop_unauthenticated();
  }
  from->channel->receive(header, packet);
}

// ---- the public face ------------------------------------------------------------------------

UcxTransport::UcxTransport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UcxTransport::~UcxTransport() = default;

Result<std::unique_ptr<UcxTransport>> UcxTransport::create(const UcxOptions& options) {
  auto worker = UcxWorker::create();
  if (!worker.ok()) return worker.status();
  auto impl = std::make_unique<Impl>(options, std::move(worker.value()));
  return std::unique_ptr<UcxTransport>(new UcxTransport(std::move(impl)));
}

std::string UcxTransport::address() const { return impl_->worker().address(); }

Status UcxTransport::connect(EndId self, const JobKey& key, const std::vector<Peer>& peers) {
  return impl_->connect(self, key, peers);
}

std::uint32_t UcxTransport::progress() noexcept { return impl_->progress(); }
transport::Channel* UcxTransport::channel(EndId peer) noexcept { return impl_->channel(peer); }
int UcxTransport::event_fd() const noexcept { return impl_->worker().event_fd(); }
std::uint64_t UcxTransport::take_unauthenticated() noexcept {
  return impl_->take_unauthenticated();
}
bool UcxTransport::arm() noexcept { return impl_->arm(); }
const UcxStats& UcxTransport::stats() const noexcept { return impl_->stats(); }
std::size_t UcxTransport::window_bytes() const noexcept { return impl_->window_bytes(); }

}  // namespace buddy::transport
