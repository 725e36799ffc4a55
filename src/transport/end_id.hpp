// Which end of a network's channels: an engine's agent, or a rank that reaches its engine over the
// network.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.hpp"

namespace buddy::transport {

/// Agents keep their numbers, ranks have the highest bit set: 2^31 of each.
struct EndId {
  std::uint32_t value = 0;

  static constexpr std::uint32_t rank_bit = std::uint32_t{1} << 31;

  static EndId of(AgentId agent) noexcept { return {agent.value}; }
  static EndId of(RankId rank) noexcept { return {rank.value | rank_bit}; }

  bool is_rank() const noexcept { return (value & rank_bit) != 0; }
  bool operator==(const EndId&) const = default;
};

/// As error messages say it: "engine 3", "rank 7".
inline std::string to_string(EndId end) {
  return (end.is_rank() ? "rank " : "engine ") + std::to_string(end.value & ~EndId::rank_bit);
}

}  // namespace buddy::transport
