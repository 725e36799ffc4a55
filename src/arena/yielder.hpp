// Gives the core to others for a moment.
#pragma once

#include <cstdint>

namespace buddy::arena {

/// Where several processes share a core, and whoever waits is needed again soon.
/// A yield takes half a microsecond if nobody wants the core, and as long as another one of the job
/// works; beside somebody who computes it takes a whole time slice, several milliseconds, each
/// time. The kernel gives the core back at once to who has slept. So after a few yields that
/// took that long, short sleeps take the place of yields for a while.
/// Threads: one.
class Yielder {
 public:
  void yield() noexcept;
  /// Times it slept instead.
  std::uint64_t naps() const noexcept { return naps_; }

 private:
  std::uint64_t naps_until_ns_ = 0;
  std::uint32_t long_yields_ = 0;  ///< weighed against short ones
  std::uint64_t naps_ = 0;
};

}  // namespace buddy::arena
