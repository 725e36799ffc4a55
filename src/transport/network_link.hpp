// A link over a network: a rank reaches an engine that shares no memory with it.
#pragma once

#include <memory>

#include "transport/link.hpp"

namespace buddy::transport {

Result<std::unique_ptr<RankLink>> make_network_rank_link(const RankLinkOptions& options);
Result<std::unique_ptr<EngineLink>> make_network_engine_link(const LinkAddress& rank,
                                                             const EngineLinkOptions& options);

}  // namespace buddy::transport
