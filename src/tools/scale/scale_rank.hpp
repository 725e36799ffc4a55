// A simulated rank: sends, takes what arrives, and waits in barriers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "base/status.hpp"
#include "tools/scale/scale_case.hpp"
#include "tools/scale/scale_check.hpp"
#include "transport/channel.hpp"
#include "wire/block_builder.hpp"
#include "wire/control.hpp"

namespace buddy::tools {

/// What a rank does with its link, as comm::Endpoint does it: it fills one block after the other
/// and hands it on when it is full, runs what has arrived in between, and then passes two barriers,
/// the second with nothing sent before it.
/// Threads: one.
class ScaleRank {
 public:
  /// \param link this rank's end. \param scratch room for a block, which ranks may share
  ScaleRank(const ScaleCase& job, RankId self, transport::Channel& link, Deliveries& deliveries,
            std::span<std::byte> scratch, std::size_t block_bytes);

  /// Whether there is something to send, or a block that found no room.
  bool sends() const noexcept { return left_ != 0 || !kept_.empty(); }
  /// Fills a block and hands it on, unless there is one that found no room: then that one.
  /// \return messages appended
  std::uint32_t send_block();
  /// Whether the last block was published.
  bool has_room() const noexcept { return kept_.empty(); }
  /// Takes a few frames. \return how many; \param messages in them
  std::uint32_t run_arrived(std::uint64_t& messages);
  /// Says how far it is, if the engine does not know. \pre !sends()
  /// \return whether it said so
  bool report();

  /// Barriers that it has passed, two at most.
  std::uint64_t barriers() const noexcept { return passed_; }
  bool done() const noexcept { return passed_ == 2; }
  /// What is wrong with the link or with what came over it.
  const Status& status() const noexcept { return status_; }

 private:
  std::uint32_t fill(wire::BlockBuilder& block);
  bool hand_on(std::span<const std::byte> body, std::uint64_t records);
  std::uint64_t run_block(std::span<const std::byte> body);
  void take_control(const wire::Frame& frame);
  void fail(const char* what);

  RankId self_;
  transport::Channel& link_;
  Deliveries& deliveries_;
  Destinations destinations_;
  std::span<std::byte> scratch_;
  std::size_t block_bytes_;
  std::uint32_t payload_bytes_;
  std::uint64_t left_;           ///< messages to send
  std::uint32_t number_ = 0;     ///< of the last one
  std::vector<std::byte> kept_;  ///< a block that found no room
  std::uint64_t kept_records_ = 0;
  wire::BarrierReport done_{};      ///< so far; the barrier that it is in
  wire::BarrierReport reported_{};  ///< what the engine knows of it
  std::uint64_t passed_ = 0;
  Status status_;
};

}  // namespace buddy::tools
