#include "histogram/verify.hpp"

#include <algorithm>

#include "common/program.hpp"
#include "common/report.hpp"

namespace workloads::histogram {
namespace {

constexpr double most_random_numbers = 0x1p33;  // some seconds on two cores

std::uint64_t weight(std::uint64_t rank, std::uint64_t index) {
  return mix64(rank << 40 ^ index);  // options allow 2^40 entries
}

/// What this rank sent minus what it holds, in total and weighted: adds up to 0 over all ranks.
/// \param answer is set to the checksum of what the ranks hold of one round
bool sums_match(MPI_Comm comm, const TargetStream::Shape& shape, const Options& options,
                std::span<const TableEntry> table, std::uint64_t& answer) {
  const auto rank = static_cast<std::uint64_t>(comm_rank(comm));
  std::uint64_t total = options.updates * options.rounds;
  std::uint64_t expected = 0;
  std::uint64_t found = 0;
  TargetStream targets(shape, rank);
  for (std::uint64_t k = 0; k < options.updates; ++k) {
    const Target target = targets.next();
    expected += weight(target.rank, target.index);
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    total -= table[i];
    found += table[i] / options.rounds * weight(rank, i);  // every round adds the same
  }
  answer = sum_over_ranks(found, comm);
  return sum_over_ranks(total, comm) == 0 && sum_over_ranks(expected, comm) == answer;
}

/// \return true if every entry has exactly the increments it should have
bool entries_match(MPI_Comm comm, const TargetStream::Shape& shape, const Options& options,
                   std::span<TableEntry> table) {
  const auto rank = static_cast<std::uint32_t>(comm_rank(comm));
  for (std::uint64_t source = 0; source < shape.ranks; ++source) {
    TargetStream targets(shape, source);
    for (std::uint64_t k = 0; k < options.updates; ++k) {
      const Target target = targets.next();
      if (target.rank == rank) table[target.index] -= options.rounds;
    }
  }
  const auto wrong = std::count_if(table.begin(), table.end(), [](auto left) { return left != 0; });
  return sum_over_ranks(static_cast<std::uint64_t>(wrong), comm) == 0;
}

}  // namespace

Verification verify(MPI_Comm comm, const Options& options, std::span<TableEntry> table) {
  const auto ranks = static_cast<std::uint64_t>(comm_size(comm));
  const TargetStream::Shape shape{ranks, options.table, options.seed};
  const double needed = static_cast<double>(ranks) * static_cast<double>(ranks) *
                        static_cast<double>(options.updates);
  Verification result;
  result.method = needed <= most_random_numbers ? "exact" : "checksum";
  result.correct = sums_match(comm, shape, options, table, result.answer_checksum);
  if (result.method == "exact") {
    result.correct = entries_match(comm, shape, options, table) && result.correct;
  }
  return result;
}

}  // namespace workloads::histogram
