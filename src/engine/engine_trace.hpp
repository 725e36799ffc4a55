// Which memory an engine touches, told to the trace.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "instrument/trace.hpp"
#include "transport/channel.hpp"
#include "wire/block_builder.hpp"

namespace buddy::engine {

/// Turns an engine's steps into events. A frame counts as read once, when it is first seen, and an
/// open block as written up to where routing left it after each frame: what happens inside a frame
/// has no order. Call nothing else while on() is false.
/// Threads: the engine's.
class EngineTrace {
 public:
  /// \param writer nullptr: off; must outlive this
  /// \param sources neighbours, as many as hops
  EngineTrace(TraceWriter* writer, std::size_t sources);

  bool on() const noexcept { return writer_ != nullptr; }

  /// \param from_rank a rank wrote it here; frames of the network are recorded where they arrive
  void peeked(std::uint32_t source, bool from_rank, const wire::Frame& frame) noexcept;
  void released(std::uint32_t source) noexcept { seen_[source] = 0; }
  /// Items were routed.
  void appended(std::span<const wire::BlockBuilder> blocks) noexcept;
  /// A finished block was copied to where \p channel keeps it.
  void flushed(std::uint32_t hop, std::span<const std::byte> body,
               const transport::Channel& channel) noexcept;
  /// The same for what was in no block.
  void pushed(const transport::Channel& channel) noexcept;

 private:
  TraceWriter* writer_;
  std::vector<std::uint8_t> seen_;          ///< by source: the frame it offers is recorded
  std::vector<std::size_t> written_bytes_;  ///< by hop: of its open block, recorded
};

}  // namespace buddy::engine
