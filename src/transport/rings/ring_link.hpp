// The link between a rank and its engine, in shared memory.
#pragma once

#include <memory>
#include <string>

#include "arena/doorbell.hpp"
#include "arena/shm_file.hpp"
#include "arena/sizes.hpp"
#include "base/status.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::transport {

/// One end of a file with two rings, outbox (rank to engine) and inbox (engine to rank), and the
/// other end's doorbell. The engine makes the file; the rank opens it.
/// Threads: the end's.
class RingLink {
 public:
  /// Engine's end. \param rank_doorbell path of the rank's doorbell
  static Result<std::unique_ptr<RingLink>> create(const std::string& path,
                                                  const std::string& rank_doorbell,
                                                  const arena::Sizes& sizes);
  /// Rank's end. \param engine_doorbell path of the engine's doorbell
  static Result<std::unique_ptr<RingLink>> open(const std::string& path,
                                                const std::string& engine_doorbell,
                                                const arena::Sizes& sizes);

  transport::RingChannel& channel() noexcept { return channel_; }
  const arena::DoorbellSender& doorbell_sender() const noexcept { return doorbell_sender_; }
  const std::string& path() const noexcept { return file_.path(); }
  void unlink() noexcept { file_.unlink(); }

 private:
  enum class End { engine, rank };
  RingLink(arena::ShmFile file, arena::DoorbellSender doorbell_sender, const arena::Sizes& sizes,
           End end);

  arena::ShmFile file_;
  arena::DoorbellSender doorbell_sender_;
  transport::RingChannel channel_;
};

}  // namespace buddy::transport
