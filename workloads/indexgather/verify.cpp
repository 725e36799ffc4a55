#include "indexgather/verify.hpp"

#include "common/program.hpp"
#include "indexgather/table.hpp"

namespace workloads::indexgather {

Verification verify(MPI_Comm comm, const Options& options, std::span<const std::uint64_t> answers) {
  const Share share = Share::of(options.requests, comm_rank(comm), comm_size(comm));
  IndexStream indices(options, share.first);
  std::uint64_t wrong = answers.size() == share.count ? 0U : 1U;
  std::uint64_t checksum = 0;
  for (std::size_t k = 0; k < answers.size(); ++k) {
    wrong += answers[k] == table_entry(options.seed, indices.next()) ? 0U : 1U;
    checksum += mix64(mix64(share.first + k) + answers[k]);
  }
  return {sum_over_ranks(wrong, comm) == 0, sum_over_ranks(checksum, comm)};
}

}  // namespace workloads::indexgather
