#include "engine/embedded_link.hpp"

#include "base/contract.hpp"
#include "instrument/activity.hpp"

namespace buddy::engine {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

Push EmbeddedLink::try_push(FrameKind kind, std::uint64_t records,
                            std::span<const std::byte> body) noexcept {
  if (kind == FrameKind::routed) {
    const ActivityScope scope(Activity::engine);
    if (engine_.route_in_place(body)) return Push::ok;
  }
  // Never full when the engine has begun with this block: then they are empty.
  return rings_.try_push(kind, records, body);
}

Peek EmbeddedLink::peek(Frame& frame) noexcept {
  if (!lent_) {
    const Peek peeked = rings_.peek(frame);
    if (peeked != Peek::empty) return peeked;
  }
  const Peek peeked = engine_.lend(frame);
  lent_ = peeked == Peek::ready;
  return peeked;
}

void EmbeddedLink::release() noexcept {
  if (lent_) {
    lent_ = false;
    engine_.take_back();
  } else {
    rings_.release();
  }
}

}  // namespace buddy::engine
