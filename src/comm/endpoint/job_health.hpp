// Whether the job still lives, as one rank knows.
#pragma once

#include "base/status.hpp"
#include "comm/endpoint/engine_channel.hpp"
#include "comm/observe/wait_watch.hpp"

namespace buddy::comm {

/// How far a rank is, as its engine knows it.
struct EndpointCounts {
  std::uint64_t sent_records = 0;  ///< handed to the engine; fragments count one by one
  std::uint64_t handled_records = 0;
  std::uint64_t consumed_frames = 0;
  std::uint64_t barriers = 0;  ///< the engine's, that this rank has left; a phase_barrier() has two
};

/// The first error is kept, and every later call of this rank fails for it.
/// Threads: the rank's.
class JobHealth {
 public:
  /// \param counts of this rank; must outlive this, as the engine channel must
  JobHealth(EngineChannel& engine_channel, const EndpointCounts& counts) noexcept
      : engine_channel_(engine_channel), counts_(counts) {}

  /// \param watch is told what this rank waits for; must outlive this
  void watch_waits(WaitWatch& watch) noexcept { watch_ = &watch; }
  /// nullptr: nobody watches
  WaitWatch* watch() const noexcept { return watch_; }

  const Status& failure() const noexcept { return failure_; }
  /// Whether the engine has said that the job has failed, so that it need not be told.
  bool notified_by_engine() const noexcept { return notified_by_engine_; }
  void throw_if_failed() const { throw_if_error(failure_); }

  /// Looks after engine and neighbours, and how long this rank has been waiting. Throws if the job
  /// has failed.
  void check();
  /// The same for who cannot take the frames in which the engine says so.
  void check_without_frames();
  /// The job has failed, as this rank finds first: the engine tells the others.
  [[noreturn]] void fail(Status why);
  /// The job has failed, as the engine says.
  void hear_failure(Status why) noexcept;
  /// Every call from now on fails for this reason, unless there is one already.
  void end_with(const Status& why) noexcept {
    if (failure_.ok()) failure_ = why;
  }

 private:
  void look_at_wait();

  EngineChannel& engine_channel_;
  const EndpointCounts& counts_;
  WaitWatch* watch_ = nullptr;
  Status failure_;
  bool notified_by_engine_ = false;  ///< of the failure
};

}  // namespace buddy::comm
