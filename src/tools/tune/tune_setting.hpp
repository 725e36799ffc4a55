// One position of the knobs, and those next to it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "launch/job_plan.hpp"

namespace buddy::tools {

struct TuneSetting {
  std::uint32_t block_bytes = 0;
  std::uint32_t ring_blocks = 0;
  int workers = 1;
  std::uint32_t hold_us = 0;
  auto operator<=>(const TuneSetting&) const = default;
};

/// What a search may turn.
struct TuneBounds {
  bool block = true;
  bool ring = true;
  bool hold = true;
  int most_workers = 1;  ///< 0: as many as there are
};

/// As options, like "--block 65536 --ring 8": those that differ from \p usual; "" if none do. Block
/// and ring stand together, because one means another size without the other.
std::string options_text(const TuneSetting& setting, const TuneSetting& usual);
/// \p job with the same options.
launch::JobOptions with_setting(launch::JobOptions job, const TuneSetting& setting,
                                const TuneSetting& usual);

/// One knob turned by one step: half or twice the block, the ring and the workers, one worker more
/// or less, and the next longer or shorter hold. Those that are refused are left out.
std::vector<TuneSetting> neighbours(const TuneSetting& setting, const TuneBounds& bounds);

}  // namespace buddy::tools
