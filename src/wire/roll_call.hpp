// Bodies of the frames by which a rank that waits for long finds out where the others are. Layout
// in docs/formats/control.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/control.hpp"

namespace buddy::wire {

/// What a rank does, by its own word.
enum class Where : std::uint32_t {
  elsewhere = 0,     ///< it computes, polls or sends
  barrier = 1,       ///< waits in barrier()
  collective = 2,    ///< waits for MPI
  waiting = 3,       ///< waits in wait_until()
  last_barrier = 4,  ///< waits in the barrier at the end of its communicator
  left = 5,          ///< is past it, and waits until the others are, too
  handlers = 6,      ///< runs messages inside one of these waits
};
inline constexpr std::uint32_t where_count = 7;

/// Rank to engine, and from there to all engines: where is everybody?
struct RollCall {
  std::uint32_t rank;  ///< who asks
  std::uint32_t reserved;
};
static_assert(sizeof(RollCall) == 8);

/// Engine to engine, engine to rank: where the ranks of one engine are. Followed by count
/// RankPlace.
struct RollAnswerHeader {
  std::uint32_t rank;  ///< who asked
  std::uint32_t count;
};
static_assert(sizeof(RollAnswerHeader) == 8);

struct RankPlace {
  std::uint32_t rank;
  std::uint32_t where;      ///< Where
  std::uint64_t barrier;    ///< it is in, or passed last; 1 for the first
  std::uint64_t waited_ns;  ///< without anything moving; 0 if it does not wait
};
static_assert(sizeof(RankPlace) == 24);

struct RollAnswer {
  std::uint32_t rank = 0;  ///< who asked
  std::vector<RankPlace> places;
};

std::vector<std::byte> encode_roll_answer(const RollAnswer& answer);
/// \return nothing unless the body is exactly one answer
std::optional<RollAnswer> decode_roll_answer(std::span<const std::byte> body);

}  // namespace buddy::wire
