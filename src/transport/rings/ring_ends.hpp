// A link over rings in shared memory: what its two ends need besides the rings.
#pragma once

#include <memory>
#include <string>

#include "transport/link.hpp"

namespace buddy::transport {

/// What a LinkAddress of rings says: files in shared memory. The rank's end has a doorbell only.
struct RingPaths {
  std::string doorbell;
  std::string link;
  std::string counters;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(doorbell, link, counters);
  }
};
LinkAddress ring_address(const RingPaths& paths);
/// Errors: corrupt
Result<RingPaths> ring_paths(const LinkAddress& address);

Result<std::unique_ptr<RankLink>> make_ring_rank_link(const RankLinkOptions& options);
Result<std::unique_ptr<EngineLink>> make_ring_engine_link(const LinkAddress& rank,
                                                          const EngineLinkOptions& options);

}  // namespace buddy::transport
