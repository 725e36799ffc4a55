// Helpers for tests of the UCX fabric: fabrics of one process on the loopback interface, stepped by
// the test, so that one thread plays all agents.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace buddy::transport::test {

inline const int loopback_only = ::setenv("UCX_NET_DEVICES", "lo", 1);

inline constexpr JobKey job_key{{0x0123456789abcdef, 0xfedcba9876543210}};
inline constexpr std::uint64_t patience_ns = 20'000'000'000;

inline std::unique_ptr<UcxTransport> make_fabric(const UcxOptions& options = {}) {
  auto fabric = UcxTransport::create(options);
  EXPECT_TRUE(fabric.ok()) << fabric.status().message();
  return fabric.ok() ? std::move(fabric.value()) : nullptr;
}

/// N agents that know each other.
class Agents {
 public:
  explicit Agents(std::uint32_t count, const UcxOptions& options = {}) {
    for (std::uint32_t i = 0; i < count; ++i) fabrics_.push_back(make_fabric(options));
    for (std::uint32_t i = 0; i < count; ++i) connect(i, job_key);
  }

  UcxTransport& operator[](std::uint32_t agent) { return *fabrics_[agent]; }
  transport::Channel& channel(std::uint32_t from, std::uint32_t to) {
    return *fabrics_[from]->channel({to});
  }
  void remove(std::uint32_t agent) { fabrics_[agent].reset(); }

  void step() {
    for (const auto& fabric : fabrics_) {
      if (fabric) fabric->progress();
    }
  }
  /// Steps until \p condition holds. \return false if it never did
  template <class Condition>
  bool step_until(Condition condition) {
    const std::uint64_t deadline = monotonic_ns() + patience_ns;
    while (!condition()) {
      if (monotonic_ns() > deadline) return false;
      step();
    }
    return true;
  }
  bool push(std::uint32_t from, std::uint32_t to, std::span<const std::byte> body,
            wire::FrameKind kind = wire::FrameKind::routed) {
    wire::Push pushed = wire::Push::full;
    const bool in_time = step_until([&] {
      pushed = channel(from, to).try_push(kind, body.size(), body);
      return pushed != wire::Push::full;
    });
    return in_time && pushed == wire::Push::ok;
  }
  /// Waits until two agents hear each other: UCX connects in the background.
  bool meet(std::uint32_t one, std::uint32_t other) {
    wire::Frame frame;
    if (!push(one, other, {}) || !receive(other, one, frame)) return false;
    channel(other, one).release();
    if (!push(other, one, {}) || !receive(one, other, frame)) return false;
    channel(one, other).release();
    return step_until(
        [&] { return channel(one, other).drained() && channel(other, one).drained(); });
  }
  /// Waits for the next frame.
  bool receive(std::uint32_t at, std::uint32_t from, wire::Frame& frame) {
    return step_until([&] { return channel(at, from).peek(frame) != wire::Peek::empty; });
  }

 private:
  void connect(std::uint32_t self, const JobKey& key) {
    std::vector<NetworkTransport::Peer> peers;
    for (std::uint32_t i = 0; i < fabrics_.size(); ++i) {
      if (i != self) peers.push_back({{i}, fabrics_[i]->address()});
    }
    const Status status = fabrics_[self]->connect({self}, key, peers);
    EXPECT_TRUE(status.ok()) << status.message();
  }

  std::vector<std::unique_ptr<UcxTransport>> fabrics_;
};

/// Bytes that tell which they are.
inline std::vector<std::byte> pattern(std::size_t bytes, std::uint64_t seed) {
  std::vector<std::byte> body(bytes);
  std::uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
  for (std::byte& byte : body) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    byte = static_cast<std::byte>(state);
  }
  return body;
}

inline bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace buddy::transport::test
