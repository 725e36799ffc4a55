#include "transport/network_link.hpp"

#include <optional>
#include <utility>

#include "wire/engine_counters.hpp"

namespace buddy::transport {
namespace {

/// Keeps what the engine tells of itself, and shows the other frames.
class FilteredChannel final : public Channel {
 public:
  FilteredChannel(Channel& network, CounterTable& counters)
      : network_(network), counters_(counters) {}

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override {
    return network_.try_push(kind, records, body);
  }
  wire::Peek peek(wire::Frame& frame) noexcept override {
    for (;;) {
      const wire::Peek peeked = network_.peek(frame);
      if (peeked != wire::Peek::ready || frame.header.kind != wire::FrameKind::counters) {
        return peeked;
      }
      wire::read_counters(frame.body, counters_);
      network_.release();
    }
  }
  void release() noexcept override { network_.release(); }
  void flush_wakeups() noexcept override { network_.flush_wakeups(); }
  bool drained() noexcept override { return network_.drained(); }
  bool needs_no_progress() noexcept override { return network_.needs_no_progress(); }
  bool shares_memory() const noexcept override { return false; }
  Status status() const override { return network_.status(); }

 private:
  Channel& network_;
  CounterTable& counters_;
};

class NetworkRankLink final : public RankLink {
 public:
  NetworkRankLink(const RankLinkOptions& options, std::unique_ptr<NetworkTransport> network)
      : options_(options), network_(std::move(network)) {}

  LinkAddress address() const override { return {LinkKind::network, network_->address()}; }
  Status connect(const LinkAddress& engine, const std::string& engine_host) override {
    if (engine.kind != LinkKind::network) {
      return {ErrorCode::mismatch,
              "the engine answers for shared memory (this rank asked for the network) use the same "
              "Buddy everywhere"};
    }
    const EndId agent = EndId::of(options_.agent);
    Status status = network_->connect(EndId::of(options_.rank), options_.key,
                                      {{agent, engine.bytes, options_.round_trip_ns, engine_host}});
    if (status.ok()) channel_.emplace(*network_->channel(agent), counters_);
    return status;
  }

  Channel& channel() noexcept override { return *channel_; }
  std::uint32_t progress() noexcept override { return network_->progress(); }
  int event_fd() const noexcept override { return network_->event_fd(); }
  bool arm() noexcept override { return network_->arm(); }
  const CounterTable& counters() const noexcept override { return counters_; }
  arena::RankSlot& slot() noexcept override { return slot_; }
  const std::atomic<std::uint32_t>& idle_word() const noexcept override { return never_; }

 private:
  RankLinkOptions options_;
  std::unique_ptr<NetworkTransport> network_;
  CounterTable counters_;
  arena::RankSlot slot_{};
  std::atomic<std::uint32_t> never_{0};
  std::optional<FilteredChannel> channel_;
};

class NetworkEngineLink final : public EngineLink {
 public:
  NetworkEngineLink(NetworkTransport::Peer rank, std::string own_address)
      : peer_(std::move(rank)), address_{LinkKind::network, std::move(own_address)} {}

  LinkAddress address() const override { return address_; }
  std::optional<NetworkTransport::Peer> peer() const override { return peer_; }
  Channel* channel(Transport* network) noexcept override {
    return network == nullptr ? nullptr : network->channel(peer_.end);
  }

 private:
  NetworkTransport::Peer peer_;
  LinkAddress address_;
};

}  // namespace

Result<std::unique_ptr<RankLink>> make_network_rank_link(const RankLinkOptions& options) {
  auto network = make_network_transport(options.sizes, nullptr);
  if (!network.ok()) return network.status();
  return std::unique_ptr<RankLink>(
      std::make_unique<NetworkRankLink>(options, std::move(network.value())));
}

Result<std::unique_ptr<EngineLink>> make_network_engine_link(const LinkAddress& rank,
                                                             const EngineLinkOptions& options) {
  return std::unique_ptr<EngineLink>(std::make_unique<NetworkEngineLink>(
      NetworkTransport::Peer{EndId::of(options.rank), rank.bytes, options.round_trip_ns,
                             options.rank_host},
      options.network->address()));
}

}  // namespace buddy::transport
