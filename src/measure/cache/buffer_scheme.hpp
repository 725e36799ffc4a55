// Where received packets would lie under another scheme of receive buffers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/cache/trace_file.hpp"

namespace buddy::measure {

/// How the memory for the next packet is chosen.
struct BufferScheme {
  enum class Reuse {
    recorded,         ///< as the engine did
    last_in,          ///< pieces for several packets of one peer; the one freed last comes first
    first_in,         ///< a ring per peer that goes round and round
    first_in_shared,  ///< one such ring for all peers
  };
  std::string name;
  Reuse reuse = Reuse::recorded;
  std::uint64_t bytes = 0;  ///< of a piece, or of a ring
  /// Buffers for the frames of a rank, one filled after the other, round and round; 0: its ring as
  /// it was recorded.
  std::uint64_t rank_bytes = 0;
};

/// Those worth comparing. \param last_level_bytes size of the last level of the cache
std::vector<BufferScheme> buffer_schemes(std::uint64_t last_level_bytes);

/// Those of an engine that serves many ranks: today's, the paper's (16 buffers of 256 KiB for each
/// rank, 8 of 32 KiB for each peer), and one that is small. docs/design/dca.md
std::vector<BufferScheme> many_rank_schemes();

/// The same trace with its receive buffers elsewhere. A packet lives from its receive event to the
/// last read of its bytes; everything else keeps its address, but for frames of ranks where the
/// scheme has buffers for them. \pre with those the trace is of one rank
Trace with_scheme(const Trace& trace, const BufferScheme& scheme);

}  // namespace buddy::measure
