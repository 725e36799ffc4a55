// The engine as a rank sees it, played by a test.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <vector>

#include "comm/endpoint/engine_channel.hpp"
#include "transport/channel.hpp"

namespace buddy::comm {

/// The end of a link whose other end is the test.
class FakeLink final : public transport::Channel {
 public:
  struct Sent {
    wire::FrameKind kind;
    std::vector<std::byte> body;
  };

  wire::Push try_push(wire::FrameKind kind, std::uint64_t /*records*/,
                      std::span<const std::byte> body) noexcept override {
    if (room == 0) return wire::Push::full;
    --room;
    sent.push_back({kind, {body.begin(), body.end()}});
    return wire::Push::ok;
  }
  wire::Peek peek(wire::Frame& frame) noexcept override {
    if (!broken.ok()) return wire::Peek::broken;
    if (arrived.empty()) return wire::Peek::empty;
    const Sent& first = arrived.front();
    frame.header = {static_cast<std::uint32_t>(first.body.size()), first.kind, 0, 0};
    frame.body = first.body;
    return wire::Peek::ready;
  }
  void release() noexcept override { arrived.pop_front(); }
  bool drained() noexcept override { return true; }
  Status status() const override { return broken; }

  std::size_t room = std::numeric_limits<std::size_t>::max();  ///< frames it takes
  std::vector<Sent> sent;
  std::deque<Sent> arrived;
  Status broken;
};

/// An engine that does what the test has put into its link, and nothing by itself.
class FakeEngine final : public EngineChannel {
 public:
  transport::Channel& channel() noexcept override { return link; }
  std::uint32_t step() noexcept override {
    link.room += room_made_by_step;
    return steps++ < busy_steps ? 1 : 0;
  }
  void flush_wakeups() noexcept override {}
  bool needs_no_progress() noexcept override { return true; }
  void rest() noexcept override {}
  void busy() noexcept override {}
  Status health() override { return health_of_peers; }
  Status noted_failure() override { return noted; }

  FakeLink link;
  Status health_of_peers;
  Status noted;
  std::size_t room_made_by_step = 0;
  int busy_steps = 0;
  int steps = 0;
};

inline const std::atomic<std::uint32_t> never_idle{0};

}  // namespace buddy::comm
