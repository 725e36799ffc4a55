// Next hops by YGM's routing schemes. Stands in for YGM's header of this name.
#pragma once

#include <cstddef>
#include <ygm/detail/comm_environment.hpp>
#include <ygm/detail/layout.hpp>

namespace ygm::detail {

/// Says where YGM would send a message next. Containers combine values on their way along these
/// hops; Buddy's engines route by themselves and do not ask.
/// Invariant: following next_hop() from rank to rank ends at the destination, in at most 3 hops.
/// Threads: any.
class comm_router {
 public:
  explicit comm_router(const layout& where, routing_type scheme = routing_type::NONE)
      : layout_(where), scheme_(scheme) {}

  int next_hop(int dest) const { return next_hop(dest, scheme_); }

  int next_hop(int dest, routing_type scheme) const {
    if (scheme == routing_type::NONE || layout_.is_local(dest)) return dest;
    const int node = layout_.node_id(dest);
    if (scheme == routing_type::NR) return partner_on(node, dest);
    // NLNR: each pair of nodes talks through one rank of each.
    const int channel = (node + layout_.node_id()) % layout_.local_size();
    const int through = layout_.local_ranks()[static_cast<std::size_t>(channel)];
    return through == layout_.rank() ? partner_on(node, dest) : through;
  }

 private:
  /// The rank with this rank's place on another node, or the destination if that node is smaller.
  int partner_on(int node, int dest) const {
    for (const int rank : layout_.strided_ranks()) {
      if (layout_.node_id(rank) == node) return rank;
    }
    return dest;
  }

  const layout& layout_;
  routing_type scheme_;
};

}  // namespace ygm::detail
