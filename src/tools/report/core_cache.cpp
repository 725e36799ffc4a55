#include "tools/report/core_cache.hpp"

#include <hwloc.h>

#include <algorithm>
#include <memory>

#include "measure/cache/cache_geometry.hpp"

namespace buddy::tools {
namespace {

struct Destroy {
  void operator()(hwloc_topology* topology) const { hwloc_topology_destroy(topology); }
};

}  // namespace

CoreCache last_level_per_core() {
  hwloc_topology_t made = nullptr;
  const CoreCache assumed{measure::assumed_last_level.bytes, true};
  if (hwloc_topology_init(&made) != 0) return assumed;
  const std::unique_ptr<hwloc_topology, Destroy> topology(made);
  if (hwloc_topology_load(made) != 0) return assumed;
  for (const auto level : {HWLOC_OBJ_L5CACHE, HWLOC_OBJ_L4CACHE, HWLOC_OBJ_L3CACHE,
                           HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L1CACHE}) {
    const hwloc_obj_t cache = hwloc_get_obj_by_type(made, level, 0);
    if (cache == nullptr || cache->attr->cache.size == 0) continue;
    const int cores = hwloc_get_nbobjs_inside_cpuset_by_type(made, cache->cpuset, HWLOC_OBJ_CORE);
    return {cache->attr->cache.size / static_cast<std::uint64_t>(std::max(cores, 1)), false};
  }
  return assumed;
}

}  // namespace buddy::tools
