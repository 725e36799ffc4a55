// The link between a rank and an engine that the rank steps itself.
#pragma once

#include "engine/engine.hpp"
#include "transport/channel.hpp"

namespace buddy::engine {

/// The rank's end. What can be routed or run where it lies never enters the rings: they hold
/// control frames, and messages that the engine could not take at once.
/// Invariant: frames in the rings are older than what the engine lends, and are run first.
/// Threads: the rank's.
class EmbeddedLink final : public transport::Channel {
 public:
  /// \param rings a channel whose other end is the engine's only link; must outlive this
  EmbeddedLink(Engine& engine, transport::Channel& rings) : engine_(engine), rings_(rings) {
    engine_.start_lending();
  }

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  void flush_wakeups() noexcept override { rings_.flush_wakeups(); }
  bool drained() noexcept override { return rings_.drained(); }
  Status status() const override { return rings_.status(); }

 private:
  Engine& engine_;
  transport::Channel& rings_;
  bool lent_ = false;  ///< what was peeked is the engine's
};

}  // namespace buddy::engine
