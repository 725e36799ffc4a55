// What a byte costs on its way through a ring between two cores, each side for itself.
#include <algorithm>
#include <atomic>
#include <thread>

#include "arena/doorbell.hpp"
#include "arena/job_dir.hpp"
#include "arena/shm_file.hpp"
#include "arena/sizes.hpp"
#include "base/affinity.hpp"
#include "measure/probes/cost_probe.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::measure {
namespace {

using transport::RingChannel;

constexpr arena::Sizes sizes = arena::sizes_for(2);
constexpr std::size_t ring_bytes = arena::ring_bytes(sizes.link_ring_bytes);
constexpr std::uint64_t blocks_per_batch = sizes.link_ring_bytes / sizes.block_bytes / 2;
constexpr std::uint64_t batches = 500;
constexpr double batch_bytes = static_cast<double>(blocks_per_batch * sizes.block_bytes);

/// Reads every cache line. \return something that depends on all of them
std::uint64_t touch(std::span<const std::byte> body) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at + 8 <= body.size(); at += 64) {
    sum += wire::load<std::uint64_t>(body.data() + at);
  }
  return sum;
}

/// The two sides take turns, a batch of blocks each: neither ever waits inside what is timed, so
/// that the time is work. Blocks lie in the sender's cache when the receiver comes for them.
class RingProbe final : public CostProbe {
 public:
  RingProbe(arena::ShmFile rings, arena::Doorbell doorbell, arena::DoorbellSender doorbell_sender,
            int receiver_cpu)
      : rings_(std::move(rings)),
        doorbell_(std::move(doorbell)),
        doorbell_sender_(std::move(doorbell_sender)),
        receiver_cpu_(receiver_cpu),
        sender_({ring(0), ring(1)}, &doorbell_sender_),
        receiver_({ring(1), ring(0)}, &doorbell_sender_) {}

  void measure(const Limit& limit, CostSamples& samples) override {
    std::vector<double> received;
    std::thread receiver([&] {
      if (stay_on_cpu(receiver_cpu_)) received = receive(limit);
      receiver_gone_.store(true, std::memory_order_release);  // pairs with send()
    });
    std::vector<double> sent = send(limit);
    sender_gone_.store(true, std::memory_order_release);  // pairs with receive()
    receiver.join();
    forget_the_rest();
    if (received.empty()) return;  // there was no other side
    samples.add_median(&MessageCosts::ring_send_ns_per_byte, std::move(sent));
    samples.add_median(&MessageCosts::ring_receive_ns_per_byte, std::move(received));
  }

 private:
  std::span<std::byte> ring(std::size_t index) const {
    return rings_.bytes().subspan(index * ring_bytes, ring_bytes);
  }

  std::vector<double> send(const Limit& limit) {
    std::vector<double> ns_per_byte;
    for (std::uint64_t batch = 1; batch <= batches; ++batch) {
      const auto taken = [&] {
        return received_.load(std::memory_order_acquire) + 1 == batch ||
               receiver_gone_.load(std::memory_order_acquire);
      };
      if (!spin_until(taken, limit) || receiver_gone_.load(std::memory_order_relaxed)) break;
      const std::uint64_t start = monotonic_ns();
      for (std::uint64_t i = 0; i < blocks_per_batch; ++i) {
        // It fits: the ring is empty, and twice as large as a batch.
        (void)sender_.try_push(wire::FrameKind::routed, 1, block_);
      }
      ns_per_byte.push_back(static_cast<double>(monotonic_ns() - start) / batch_bytes);
      sent_.store(batch, std::memory_order_release);  // pairs with receive()
    }
    return ns_per_byte;
  }

  std::vector<double> receive(const Limit& limit) {
    std::vector<double> ns_per_byte;
    for (std::uint64_t batch = 1; batch <= batches; ++batch) {
      const auto is_there = [&] {
        return sent_.load(std::memory_order_acquire) == batch ||
               sender_gone_.load(std::memory_order_acquire);
      };
      if (!spin_until(is_there, limit) || sent_.load(std::memory_order_acquire) != batch) break;
      const std::uint64_t start = monotonic_ns();
      if (take_all() != blocks_per_batch) break;
      ns_per_byte.push_back(static_cast<double>(monotonic_ns() - start) / batch_bytes);
      received_.store(batch, std::memory_order_release);  // pairs with send()
    }
    return ns_per_byte;
  }

  /// \return blocks
  std::uint64_t take_all() {
    std::uint64_t blocks = 0;
    for (wire::Frame frame; receiver_.peek(frame) == wire::Peek::ready; ++blocks) {
      keep(touch(frame.body));
      receiver_.release();
    }
    return blocks;
  }

  /// For the next series. No other thread is there.
  void forget_the_rest() {
    take_all();
    sent_.store(0, std::memory_order_relaxed);
    received_.store(0, std::memory_order_relaxed);
    sender_gone_.store(false, std::memory_order_relaxed);
    receiver_gone_.store(false, std::memory_order_relaxed);
  }

  arena::ShmFile rings_;
  arena::Doorbell doorbell_;  ///< of two owners that never sleep
  arena::DoorbellSender doorbell_sender_;
  int receiver_cpu_;
  RingChannel sender_;
  RingChannel receiver_;
  std::vector<std::byte> block_ = std::vector<std::byte>(sizes.block_bytes, std::byte{1});
  alignas(128) std::atomic<std::uint64_t> sent_{0};
  alignas(128) std::atomic<std::uint64_t> received_{0};
  alignas(128) std::atomic<bool> sender_gone_{false};
  std::atomic<bool> receiver_gone_{false};
};

}  // namespace

MadeProbe make_ring_probe(int receiver_cpu) {
  auto folder = arena::JobDir::create();  // goes at the end of this function
  if (!folder.ok()) return folder.status();
  auto rings = arena::ShmFile::create(folder.value().path() + "/rings", 2 * ring_bytes);
  if (!rings.ok()) return rings.status();
  auto doorbell = arena::Doorbell::create(folder.value().path() + "/doorbell");
  if (!doorbell.ok()) return doorbell.status();
  auto doorbell_sender = arena::DoorbellSender::open(doorbell.value().path());
  if (!doorbell_sender.ok()) return doorbell_sender.status();
  rings.value().unlink();
  doorbell.value().unlink();
  return std::unique_ptr<CostProbe>(
      std::make_unique<RingProbe>(std::move(rings.value()), std::move(doorbell.value()),
                                  std::move(doorbell_sender.value()), receiver_cpu));
}

}  // namespace buddy::measure
