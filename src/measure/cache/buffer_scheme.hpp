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
};

/// Those worth comparing. \param last_level_bytes size of the last level of the cache
std::vector<BufferScheme> buffer_schemes(std::uint64_t last_level_bytes);

/// The same trace with its receive buffers elsewhere. A packet lives from its receive event to the
/// last read of its bytes; everything else keeps its address.
Trace with_scheme(const Trace& trace, const BufferScheme& scheme);

}  // namespace buddy::measure
