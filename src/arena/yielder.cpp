#include "arena/yielder.hpp"

#include <sched.h>

#include <ctime>

#include "base/clock.hpp"
#include "instrument/activity.hpp"

namespace buddy::arena {
namespace {

/// Longer than others of the job mostly work at a stretch, shorter than a time slice.
constexpr std::uint64_t long_yield_ns = 1'000'000;
/// One that was long weighs as much as so many that were short: more than a ninth of them being
/// long is no chance.
constexpr std::uint32_t weight_of_long = 8;
constexpr std::uint32_t most_long_yields = 3 * weight_of_long;
/// Then it asks again whether somebody computes: three time slices are a tenth of that.
constexpr std::uint64_t naps_ns = 100'000'000;
constexpr long nap_ns = 50'000;

}  // namespace

void Yielder::yield() noexcept {
  const ActivityScope scope(Activity::asleep);
  const std::uint64_t begun_ns = monotonic_ns();
  if (begun_ns < naps_until_ns_) {
    ++naps_;
    const timespec nap{0, nap_ns};
    ::nanosleep(&nap, nullptr);
    return;
  }
  ::sched_yield();
  const std::uint64_t now_ns = monotonic_ns();
  if (now_ns - begun_ns > long_yield_ns) {
    long_yields_ += weight_of_long;
  } else if (long_yields_ != 0) {
    --long_yields_;
  }
  if (long_yields_ < most_long_yields) return;
  long_yields_ = 0;
  naps_until_ns_ = now_ns + naps_ns;
}

}  // namespace buddy::arena
