// What a core has of the last-level cache.
#pragma once

#include <cstdint>

namespace buddy::tools {

struct CoreCache {
  std::uint64_t bytes = 0;  ///< the cache, divided by the cores that share it
  bool assumed = false;     ///< this machine describes no cache
};

/// Of this machine's first core, as hwloc sees it. Where no cache is described, of one as
/// measure::assumed_last_level for every core.
CoreCache last_level_per_core();

}  // namespace buddy::tools
