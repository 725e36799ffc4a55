// What the network costs the cores at both ends of it, per packet and per byte. Both ends are
// stepped by one thread, so that nobody waits and CPU time is work.
#include <utility>

#include "arena/sizes.hpp"
#include "base/job_key.hpp"
#include "measure/probes/cost_probe.hpp"
#include "transport/network.hpp"

namespace buddy::measure {
namespace {

constexpr std::size_t small_bytes = 64;
constexpr arena::Sizes sizes = arena::sizes_for(2);
constexpr std::size_t block_bytes = sizes.block_bytes;
constexpr std::uint64_t start_limit_ns = 2'000'000'000;

/// Frames between two looks at the clock: for about as long with either size.
constexpr int small_frames = 64;
constexpr int large_frames = 32;
constexpr int samples_per_series = 60;

using NetworkPointer = std::unique_ptr<transport::NetworkTransport>;

class NetworkProbe final : public CostProbe {
 public:
  NetworkProbe(NetworkPointer from, NetworkPointer to)
      : from_(std::move(from)),
        to_(std::move(to)),
        out_(*from_->channel({1})),
        in_(*to_->channel({0})) {}

  void measure(const Limit& limit, CostSamples& samples) override {
    std::vector<double> small_ns;
    std::vector<double> large_ns;
    for (int i = 0; i < samples_per_series && !limit.over(); ++i) {
      add_cpu_ns_per_frame(small_body_, small_frames, limit, small_ns);
      add_cpu_ns_per_frame(large_body_, large_frames, limit, large_ns);
    }
    if (small_ns.empty() || large_ns.empty()) return;
    const double small = spread_of(std::move(small_ns)).median;
    const double large = spread_of(std::move(large_ns)).median;
    const double per_byte = (large - small) / static_cast<double>(block_bytes - small_bytes);
    samples.add(&MessageCosts::network_ns_per_byte, per_byte);
    samples.add(&MessageCosts::network_ns_per_packet,
                small - per_byte * static_cast<double>(small_bytes));
  }

  /// Sends one frame, a packet of its own, and waits for it. \return false if it does not arrive
  bool pass(std::span<const std::byte> body, const Limit& limit) {
    while (out_.try_push(wire::FrameKind::routed, 1, body) != wire::Push::ok) {
      if (!step(limit)) return false;
    }
    wire::Frame frame;
    do {
      if (!step(limit)) return false;
    } while (in_.peek(frame) != wire::Peek::ready);
    // What the memory of the received bytes costs belongs to whoever reads them.
    in_.release();
    return true;
  }

 private:
  void add_cpu_ns_per_frame(std::span<const std::byte> body, int frames, const Limit& limit,
                            std::vector<double>& ns) {
    const std::uint64_t start = thread_cpu_ns();
    for (int i = 0; i < frames; ++i) {
      if (!pass(body, limit)) return;
    }
    ns.push_back(static_cast<double>(thread_cpu_ns() - start) / frames);
  }

  /// \return false when it is time to give up
  bool step(const Limit& limit) {
    from_->progress();
    to_->progress();
    if (++steps_ % 64 != 0) return true;
    return !limit.over() && out_.status().ok() && in_.status().ok();
  }

  NetworkPointer from_;
  NetworkPointer to_;
  transport::Channel& out_;
  transport::Channel& in_;
  std::vector<std::byte> small_body_ = std::vector<std::byte>(small_bytes, std::byte{1});
  std::vector<std::byte> large_body_ = std::vector<std::byte>(block_bytes, std::byte{1});
  std::uint64_t steps_ = 0;
};

Status silent_network() {
  return {ErrorCode::system,
          "the network moves nothing (UCX over the loopback interface brought no packet within 2 "
          "seconds) see that the interface lo is up, and what UCX_... variables are set"};
}

}  // namespace

MadeProbe make_network_probe(const std::stop_token& stop) {
  auto from = transport::make_network_transport(sizes, nullptr);
  if (!from.ok()) return from.status();
  auto to = transport::make_network_transport(sizes, nullptr);
  if (!to.ok()) return to.status();
  const JobKey key = random_job_key();
  const Status there = from.value()->connect({0}, key, {{{1}, to.value()->address()}});
  if (!there.ok()) return there;
  const Status back = to.value()->connect({1}, key, {{{0}, from.value()->address()}});
  if (!back.ok()) return back;
  auto probe = std::make_unique<NetworkProbe>(std::move(from.value()), std::move(to.value()));
  const std::vector<std::byte> body(small_bytes);
  if (!probe->pass(body, Limit(stop, start_limit_ns))) return silent_network();
  return std::unique_ptr<CostProbe>(std::move(probe));
}

}  // namespace buddy::measure
