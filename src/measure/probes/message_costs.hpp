// What the pieces of the message path cost.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "measure/statistics.hpp"

namespace buddy::measure {

/// What was not measured is empty.
/// Invariant: figures are positive, and min <= median <= max.
struct MessageCosts {
  std::optional<Spread> append_ns_per_message;
  std::optional<Spread> route_ns_per_record;
  std::optional<Spread> deliver_ns_per_record;
  std::optional<Spread> ring_send_ns_per_byte;
  std::optional<Spread> ring_receive_ns_per_byte;
  std::optional<Spread> network_ns_per_packet;  ///< both ends together
  std::optional<Spread> network_ns_per_byte;    ///< the same
  std::optional<Spread> wake_us;
  std::optional<Spread> core_distance_ns;
};

/// One of the figures.
struct Cost {
  std::string_view key;  ///< in the file; its end names the unit
  std::optional<Spread> MessageCosts::*figure;
  std::string_view unit;
  std::string_view text;  ///< what it is, for people
};

/// All figures, in the order of the file.
inline constexpr std::array<Cost, 9> costs = {{
    {"append_ns_per_message", &MessageCosts::append_ns_per_message, "ns/message",
     "append a message of 8 bytes to a block"},
    {"route_ns_per_record", &MessageCosts::route_ns_per_record, "ns/record",
     "route it to one of two next hops"},
    {"deliver_ns_per_record", &MessageCosts::deliver_ns_per_record, "ns/record",
     "deliver it to a handler that changes a cached table"},
    {"ring_send_ns_per_byte", &MessageCosts::ring_send_ns_per_byte, "ns/byte",
     "put a block into a ring that another core reads"},
    {"ring_receive_ns_per_byte", &MessageCosts::ring_receive_ns_per_byte, "ns/byte",
     "read a block that another core has written"},
    {"network_ns_per_packet", &MessageCosts::network_ns_per_packet, "ns/packet",
     "UCX over TCP loopback, both ends: per packet"},
    {"network_ns_per_byte", &MessageCosts::network_ns_per_byte, "ns/byte",
     "and for each of its bytes"},
    {"wake_us", &MessageCosts::wake_us, "us", "wake a thread that sleeps on the other core"},
    {"core_distance_ns", &MessageCosts::core_distance_ns, "ns",
     "a cache line to the other core and back"},
}};

}  // namespace buddy::measure
