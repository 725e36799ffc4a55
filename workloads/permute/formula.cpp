#include "permute/formula.hpp"

namespace workloads::permute {
namespace {

std::vector<std::uint32_t> block_of(const RandomPermutation& permutation, Direction direction,
                                    const BlockDistribution& blocks, int rank) {
  std::vector<std::uint32_t> list(static_cast<std::size_t>(blocks.size(rank)));
  auto number = static_cast<std::uint32_t>(blocks.first_row(rank));
  for (std::uint32_t& entry : list) {
    entry = direction == Direction::forward ? permutation(number) : permutation.inverse(number);
    ++number;
  }
  return list;
}

}  // namespace

Permutations make_lists(const Formula& formula, Direction direction, const BlockDistribution& rows,
                        const BlockDistribution& columns, int rank) {
  return {columns, block_of(formula.rows, direction, rows, rank),
          block_of(formula.columns, direction, columns, rank)};
}

}  // namespace workloads::permute
