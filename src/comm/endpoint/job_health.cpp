#include "comm/endpoint/job_health.hpp"

#include <utility>

#include "base/clock.hpp"
#include "wire/control.hpp"

namespace buddy::comm {

void JobHealth::check() {
  if (failure_.ok()) failure_ = engine_channel_.health();
  if (failure_.ok() && watch_ != nullptr && watch_->where() != wire::Where::elsewhere) {
    look_at_wait();
  }
  throw_if_failed();
}

void JobHealth::check_without_frames() {
  if (failure_.ok()) {
    Status noted = engine_channel_.noted_failure();
    if (!noted.ok()) hear_failure(std::move(noted));
  }
  check();
}

void JobHealth::look_at_wait() {
  const std::uint64_t moved =
      counts_.handled_records + counts_.consumed_frames + counts_.sent_records + counts_.barriers;
  Status status = watch_->look(coarse_ns(), moved, engine_channel_.channel());
  if (!status.ok()) fail(std::move(status));
}

void JobHealth::fail(Status why) {
  failure_ = std::move(why);
  if (engine_channel_.channel().try_push(wire::FrameKind::failure, 0,
                                         wire::encode_failure(failure_)) == wire::Push::ok) {
    // The program may go on without ever calling us again.
    for (int i = 0; i < 2; ++i)
      engine_channel_.step();  // it takes the frame, then tells the others
    engine_channel_.flush_wakeups();
  }
  throw Error(failure_.code(), failure_.message());
}

void JobHealth::hear_failure(Status why) noexcept {
  if (failure_.ok()) failure_ = std::move(why);
  notified_by_engine_ = true;
}

}  // namespace buddy::comm
