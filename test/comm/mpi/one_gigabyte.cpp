// One message of 1 GiB.
// ranks: 2
// variants: host engine:2:ucx
// labels: mpi slow
// timeout: 300
#include <unistd.h>

#include <cstdint>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;

std::uint64_t sum = 0;
std::uint64_t size = 0;

/// The payload, its serialised form, the receiver's pieces and the value made of them.
bool fits(std::uint64_t payload_bytes) {
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES));
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) > 6 * payload_bytes;
}

void send(Comm& comm) {
  std::uint64_t bytes = std::uint64_t{1} << 30;
  bool room = fits(bytes);
  comm.broadcast(room, 0);
  if (!room) {
    bytes = std::uint64_t{1} << 27;
    if (comm.rank() == 0) std::printf("memory for 1 GiB is not free: 128 MiB instead\n");
  }
  if (comm.rank() == 0) {
    std::vector<std::uint64_t> values(bytes / 8);
    for (std::uint64_t i = 0; i < values.size(); ++i) values[i] = i;
    comm.async(
        1,
        [](const std::vector<std::uint64_t>& got) {
          size = got.size();
          for (std::uint64_t i = 0; i < size; ++i) sum += got[i] ^ (i & 0xff);
        },
        values);
  }
  comm.barrier();
  if (comm.rank() != 1) return;
  std::uint64_t wanted = 0;
  for (std::uint64_t i = 0; i < bytes / 8; ++i) wanted += i ^ (i & 0xff);
  buddy::test::expect_equal(size, bytes / 8, "values");
  buddy::test::expect_equal(sum, wanted, "sum");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv, {{"one gigabyte", send}}, 280);
}
