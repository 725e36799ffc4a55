// The table of the index gather, and who asks for what.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/random.hpp"
#include "indexgather/options.hpp"

namespace workloads::indexgather {

/// What the table holds at \p index: the formula by which owners fill it and answers are checked.
constexpr std::uint64_t table_entry(std::uint64_t seed, std::uint64_t index) noexcept {
  return mix64(stream_key(seed, 0) + index);
}

/// Request number k, of all ranks together, asks for the k-th index of this stream: uniform over
/// the table, and the same however many ranks share the requests.
class IndexStream {
 public:
  IndexStream(const Options& options, std::uint64_t first) noexcept
      : random_(stream_key(options.seed, 1), first), entries_(options.table) {}

  std::uint32_t next() noexcept {
    return static_cast<std::uint32_t>(multiply_high(random_.next(), entries_));
  }

 private:
  RandomStream random_;
  std::uint64_t entries_;
};

/// The requests of one rank: consecutive numbers.
struct Share {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  static Share of(std::uint64_t requests, int rank, int ranks) noexcept {
    const auto r = static_cast<std::uint64_t>(rank);
    const std::uint64_t each = requests / static_cast<std::uint64_t>(ranks);
    const std::uint64_t rest = requests % static_cast<std::uint64_t>(ranks);
    return {each * r + std::min(r, rest), each + (r < rest ? 1 : 0)};
  }
};

}  // namespace workloads::indexgather
