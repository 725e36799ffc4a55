#include "arena/knobs.hpp"

#include <bit>
#include <cstdlib>
#include <string>
#include <string_view>

#include "arena/sizes.hpp"
#include "base/whole_number.hpp"

namespace buddy::arena {
namespace {

static_assert(most_block_bytes == wire::max_body_bytes);
static_assert(least_ring_bytes >= 2 * (largest_item_body_bytes + 2 * frame_alignment));

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

std::string text(std::uint64_t number) { return std::to_string(number); }

Status check_block(std::uint32_t bytes) {
  if (std::has_single_bit(bytes) && bytes >= least_block_bytes && bytes <= most_block_bytes)
    return {};
  return invalid("a block of " + text(bytes) + " bytes is not possible (powers of two from " +
                 text(least_block_bytes) + " to " + text(most_block_bytes) +
                 " are) choose another --block (" + block_variable + ")");
}

Status check_ring(std::uint32_t blocks) {
  if (std::has_single_bit(blocks) && blocks >= least_ring_blocks && blocks <= most_ring_blocks)
    return {};
  return invalid("a ring of " + text(blocks) + " blocks is not possible (powers of two from " +
                 text(least_ring_blocks) + " to " + text(most_ring_blocks) +
                 " are) choose another --ring (" + ring_variable + ")");
}

/// \pre both have been checked on their own
Status check_together(const wire::Knobs& knobs) {
  if (knobs.ring_blocks == 0) {
    if (knobs.block_bytes <= best_ring_bytes / least_ring_blocks) return {};
    return invalid("a block of " + text(knobs.block_bytes) +
                   " bytes is beyond the ring (rings of " + text(best_ring_bytes) + " bytes hold " +
                   text(best_ring_bytes / knobs.block_bytes) + " of them, and " +
                   text(least_ring_blocks) + " is the least) give --ring (" + ring_variable +
                   ") too, or a smaller --block (" + block_variable + ")");
  }
  if (knobs.block_bytes == 0) return {};
  const std::uint64_t bytes = std::uint64_t{knobs.block_bytes} * knobs.ring_blocks;
  if (bytes >= least_ring_bytes && bytes <= most_ring_bytes) return {};
  return invalid("a ring of " + text(knobs.ring_blocks) + " blocks of " + text(knobs.block_bytes) +
                 " bytes is too " + (bytes < least_ring_bytes ? "small" : "large") + " (it takes " +
                 text(bytes) + " bytes, and " + text(least_ring_bytes) + " to " +
                 text(most_ring_bytes) + " are possible) choose another --ring (" + ring_variable +
                 ") or --block (" + block_variable + ")");
}

/// Leaves \p number as it is if the variable is not set.
Status read_number(const char* name, std::uint32_t& number) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return {};
  const auto parsed = parse_whole<std::uint32_t>(std::string_view(value));
  if (!parsed) {
    return invalid(std::string(name) + "=" + value +
                   " means nothing (allowed are whole numbers) correct the variable or leave it "
                   "unset");
  }
  number = *parsed;
  return {};
}

}  // namespace

Status check_knobs(const wire::Knobs& knobs) {
  if (knobs.block_bytes != 0) {
    if (Status block = check_block(knobs.block_bytes); !block.ok()) return block;
  }
  if (knobs.ring_blocks != 0) {
    if (Status ring = check_ring(knobs.ring_blocks); !ring.ok()) return ring;
  }
  if (Status both = check_together(knobs); !both.ok()) return both;
  if (knobs.hold_us <= most_hold_us) return {};
  return invalid("a block cannot be held for " + text(knobs.hold_us) + " us (at most " +
                 text(most_hold_us) + " are possible, and 0 means not at all) choose another " +
                 "--hold (" + hold_variable + ")");
}

Result<wire::Knobs> knobs_from_environment() {
  wire::Knobs knobs;
  if (Status status = read_number(block_variable, knobs.block_bytes); !status.ok()) return status;
  if (Status status = read_number(ring_variable, knobs.ring_blocks); !status.ok()) return status;
  if (Status status = read_number(hold_variable, knobs.hold_us); !status.ok()) return status;
  return knobs;
}

}  // namespace buddy::arena
