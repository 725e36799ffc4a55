// The only place that knows which wires there are.
#include "transport/hangup.hpp"
#include "transport/link.hpp"
#include "transport/network.hpp"
#include "transport/network_link.hpp"
#include "transport/rings/ring_ends.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace buddy::transport {

Result<std::unique_ptr<NetworkTransport>> make_network_transport(std::size_t max_frame_bytes,
                                                                 TraceWriter* trace) {
  give_back_hangup();  // keeps the file that does so at the start in every program
  UcxOptions options;
  options.max_frame_bytes = max_frame_bytes;
  options.trace = trace;
  auto made = UcxTransport::create(options);
  if (!made.ok()) return made.status();
  return std::unique_ptr<NetworkTransport>(std::move(made.value()));
}

Result<std::unique_ptr<RankLink>> make_rank_link(LinkKind kind, const RankLinkOptions& options) {
  return kind == LinkKind::rings ? make_ring_rank_link(options) : make_network_rank_link(options);
}

Result<std::unique_ptr<EngineLink>> make_engine_link(const LinkAddress& rank,
                                                     const EngineLinkOptions& options) {
  return rank.kind == LinkKind::rings ? make_ring_engine_link(rank, options)
                                      : make_network_engine_link(rank, options);
}

}  // namespace buddy::transport
