// The one interface between an engine and whatever is next to it.
#pragma once

#include "base/status.hpp"
#include "wire/frame.hpp"

namespace buddy::transport {

/// An ordered, bounded, bidirectional stream of frames to one neighbour: a local rank, another
/// engine on this machine, an engine across the network, or a simulated one.
///
/// Invariants: frames arrive in the order pushed, each once, none lost while both ends live;
/// what is in flight is bounded, and a full channel refuses (wire::Push::full) without side
/// effects. Threads: one thread per end.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// Copies one frame in. \pre body.size() <= wire::max_body_bytes
  /// \return closed once the neighbour is gone or broken; see status().
  virtual wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                              std::span<const std::byte> body) noexcept = 0;

  /// The oldest frame not yet released; peeking again gives the same one.
  /// The header has been copied once and checked against the bytes that are there.
  /// \return broken if the bytes cannot be a frame, or the neighbour died; see status().
  virtual wire::Peek peek(wire::Frame& frame) noexcept = 0;

  /// Gives the peeked frame's room back. \pre the last peek() returned ready.
  virtual void release() noexcept = 0;

  /// Wakes the neighbour if it sleeps and has not been told of the last frames. A push alone wakes
  /// it only when much is waiting: on a shared core, waking it for every block would cost more than
  /// the block's work. Whoever pushes calls this when it has nothing else to do.
  virtual void flush_wakeups() noexcept {}

  /// True when every pushed frame has been taken over by the neighbour (or by the network layer's
  /// own reliable delivery), so that closing loses nothing.
  virtual bool drained() noexcept = 0;

  /// True when pushed frames reach the neighbour without further calls at this end. Where memory is
  /// shared that is always so; a network may need a hand, above all before its first packet.
  virtual bool needs_no_progress() noexcept { return true; }

  /// Whether the neighbour sees this machine's shared memory; if not, frames tell it what else it
  /// would read there.
  virtual bool shares_memory() const noexcept { return true; }

  /// The frame pushed last, where it lies until the neighbour has read it; empty if none was
  /// pushed, or if it went elsewhere by now (a network's). For traces.
  virtual std::span<const std::byte> last_pushed() const noexcept { return {}; }

  /// ok while the neighbour lives.
  virtual Status status() const = 0;
};

}  // namespace buddy::transport
