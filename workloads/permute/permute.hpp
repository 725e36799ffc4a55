// Permuting a distributed matrix by messages.
#pragma once

#include <buddy/buddy.hpp>
#include <cstdint>
#include <vector>

#include "common/block_distribution.hpp"
#include "common/matrix.hpp"
#include "common/work.hpp"

namespace workloads::permute {

/// Where every row and column goes. Each rank holds its block of both lists, as a program does
/// whose permutations are data.
struct Permutations {
  BlockDistribution column_blocks;
  std::vector<std::uint32_t> rows;     ///< new numbers of this rank's rows
  std::vector<std::uint32_t> columns;  ///< new numbers of this rank's block of columns
};

/// Collective: nonzero (i, j) becomes (rows[i], columns[j]): two messages, to the owner of column j
/// and from there to the owner of the new row. Returns when the rows are built.
/// Value: NoValue, double or std::complex<double>.
/// \param work done for every message that arrives; null: none
template <class Value>
DistributedMatrix<Value> permute(buddy::Comm& comm, const DistributedMatrix<Value>& matrix,
                                 const Permutations& permutations, Work* work);

}  // namespace workloads::permute
