// What a simulated machine takes for what an engine does.
#pragma once

#include <cstdint>

namespace buddy::tools {

/// Times of one core and one port. Where the defaults were measured: docs/design/routing.md.
struct ScaleModel {
  double append_ns = 1.1;      ///< `async()`, a message
  double route_ns = 0.95;      ///< the routing loop, an item
  double deliver_ns = 0.45;    ///< a handler that changes what is in the cache, a message
  double channel_ns = 8;       ///< a look at one channel that has nothing, once a poll
  double packet_ns = 4100;     ///< CPU time for a packet between nodes, at each end
  double byte_ns = 0.08;       ///< ... and for each of its bytes
  double near_packet_ns = 60;  ///< the same inside a node, where rings carry them
  double near_byte_ns = 0.04;
  std::uint64_t latency_ns = 4'000;    ///< of a packet between nodes
  std::uint64_t near_latency_ns = 60;  ///< ... inside one
  double gbytes_per_s = 5.5;           ///< that leave a node, 10^9
};

}  // namespace buddy::tools
