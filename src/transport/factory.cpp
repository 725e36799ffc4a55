// The only place that knows which wires there are.
#include "transport/hangup.hpp"
#include "transport/link.hpp"
#include "transport/network.hpp"
#include "transport/network_link.hpp"
#include "transport/rings/ring_ends.hpp"
#include "transport/ucx/ucx_packet.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace buddy::transport {
namespace {

/// What a peer's windows take in both directions, as the transport makes them.
std::size_t windows_bytes(const arena::Sizes& sizes, std::size_t peers, std::size_t memory_bytes,
                          std::uint64_t round_trip_ns) {
  const std::size_t frame_bytes = arena::largest_body_bytes(sizes);
  const UcxShape shape = sizes.window_bytes != 0
                             ? ucx_shape_of(frame_bytes, sizes.window_bytes)
                             : ucx_shape(frame_bytes, peers, memory_bytes, round_trip_ns);
  return 2 * shape.buffer_bytes();
}

}  // namespace

Result<std::unique_ptr<NetworkTransport>> make_network_transport(const arena::Sizes& sizes,
                                                                 TraceWriter* trace) {
  give_back_hangup();  // keeps the file that does so at the start in every program
  UcxOptions options;
  options.max_frame_bytes = arena::largest_body_bytes(sizes);
  options.window_bytes = sizes.window_bytes;
  options.trace = trace;
  auto made = UcxTransport::create(options);
  if (!made.ok()) return made.status();
  return std::unique_ptr<NetworkTransport>(std::move(made.value()));
}

std::size_t network_link_bytes(const arena::Sizes& sizes, std::uint64_t round_trip_ns) {
  constexpr std::size_t one_peer = 1;
  return windows_bytes(sizes, one_peer, UcxOptions{}.link_memory_bytes, round_trip_ns);
}

std::size_t network_peer_bytes(const arena::Sizes& sizes, std::size_t agents) {
  constexpr std::uint64_t unknown_ns = 0;
  return windows_bytes(sizes, agents, UcxOptions{}.memory_bytes, unknown_ns);
}

Result<std::unique_ptr<RankLink>> make_rank_link(LinkKind kind, const RankLinkOptions& options) {
  return kind == LinkKind::rings ? make_ring_rank_link(options) : make_network_rank_link(options);
}

Result<std::unique_ptr<EngineLink>> make_engine_link(const LinkAddress& rank,
                                                     const EngineLinkOptions& options) {
  switch (rank.kind) {
    case LinkKind::rings: return make_ring_engine_link(rank, options);
    case LinkKind::network: return make_network_engine_link(rank, options);
  }
  return Status(ErrorCode::corrupt,
                "a rank wants a link of no known kind (its message is damaged) use the same Buddy "
                "everywhere");
}

}  // namespace buddy::transport
