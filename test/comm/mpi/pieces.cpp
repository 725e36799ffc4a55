// Collectives whose data is larger than one operation of MPI may carry, with small limits; and the
// library's own limit, by sizes of ranks that differ.
// ranks: 1 2 4
// variants: host
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "comm/bootstrap/mpi_exchange.hpp"
#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::Random;
using Bytes = std::vector<std::byte>;

Bytes bytes_of_rank(int rank, std::uint64_t size) {
  Bytes bytes(size);
  Random random(static_cast<std::uint64_t>(rank) + 1);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

int operations = 0;

buddy::comm::WaitForMpi counting() {
  return [](MPI_Request& request, const std::shared_ptr<void>& memory) {
    ++operations;
    expect(memory != nullptr, "memory outlives the wait");
    buddy::comm::wait_in_mpi(request, memory);
  };
}

void gather(Comm& comm) {
  const auto size_of = [](int rank, std::uint64_t step) {
    return static_cast<std::uint64_t>(rank) % 3 * step;  // some have nothing
  };
  for (const std::uint64_t step : {0u, 1u, 7u, 64u, 1000u}) {
    std::uint64_t total = 0;
    for (int r = 0; r < comm.size(); ++r) total += size_of(r, step);
    for (const std::uint64_t piece : {1u, 7u, 64u, 1000u, 1u << 30}) {
      operations = 0;
      const auto all = buddy::comm::all_gather_bytes(
          comm.mpi_comm(), bytes_of_rank(comm.rank(), size_of(comm.rank(), step)), counting(),
          piece);
      for (int r = 0; r < comm.size(); ++r) {
        expect(all.at(static_cast<std::size_t>(r)) == bytes_of_rank(r, size_of(r, step)),
               "bytes of rank " + std::to_string(r));
      }
      int wanted = 2;  // sizes, and all at once
      if (total > piece) {
        wanted = 1;
        for (int r = 0; r < comm.size(); ++r) {
          wanted += static_cast<int>((size_of(r, step) + piece - 1) / piece);
        }
      }
      expect_equal(operations, wanted, "operations");
    }
  }
}

void broadcast(Comm& comm) {
  for (int root = 0; root < comm.size(); ++root) {
    for (const std::uint64_t size : {0u, 1u, 63u, 64u, 65u, 1000u}) {
      operations = 0;
      Bytes bytes = comm.rank() == root ? bytes_of_rank(root, size) : Bytes(3);
      bytes = buddy::comm::broadcast_bytes(comm.mpi_comm(), std::move(bytes), root, counting(), 64);
      expect(bytes == bytes_of_rank(root, size), "bytes of the root");
      expect_equal(operations, static_cast<int>(1 + (size + 63) / 64), "operations");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv, {{"gather", gather}, {"broadcast", broadcast}});
}
