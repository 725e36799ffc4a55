#include "comm/endpoint/barrier_client.hpp"

#include <utility>

namespace buddy::comm {

BarrierClient::BarrierClient(EndpointContext& context) noexcept
    : context_(context),
      entered_(context.counts.barriers),
      released_(context.counts.barriers),
      reported_{entered_, context.counts.sent_records, context.counts.handled_records,
                context.counts.consumed_frames} {}

bool BarrierClient::report() {
  const EndpointCounts& counts = context_.counts;
  const wire::BarrierReport now{entered_, counts.sent_records, counts.handled_records,
                                counts.consumed_frames};
  const bool may_complete = now.epoch != reported_.epoch || now.handled != reported_.handled;
  const bool news = may_complete || now.sent != reported_.sent ||
                    now.consumed_frames != reported_.consumed_frames;
  if (!news || context_.engine_channel.channel().try_push(wire::FrameKind::report, 0,
                                                          wire::bytes_of(now)) != wire::Push::ok) {
    return false;
  }
  reported_ = now;
  context_.engine_channel.busy();
  context_.engine_channel.step();
  return may_complete;
}

bool BarrierClient::run_callbacks() {
  const bool any = !callbacks_.empty();
  while (!callbacks_.empty()) {
    const std::function<void()> callback = std::move(callbacks_.front());
    callbacks_.pop_front();
    callback();
  }
  return any;
}

}  // namespace buddy::comm
