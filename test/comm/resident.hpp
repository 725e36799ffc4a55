// How much memory this process uses, and the most of all ranks.
#pragma once

#include <sys/stat.h>

#include <buddy/detail/mpi.hpp>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace buddy::test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool memory_means_something = false;  // red zones, quarantine
#else
inline constexpr bool memory_means_something = true;
#endif

/// Resident memory, shared pages that this process has touched included, bytes.
struct Resident {
  std::uint64_t now_bytes = 0;
  std::uint64_t peak_bytes = 0;  ///< since the last reset_peak()

  static Resident now() {
    Resident resident;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      std::uint64_t kib = 0;
      if (word == "VmRSS:" && status >> kib) resident.now_bytes = kib << 10;
      if (word == "VmHWM:" && status >> kib) resident.peak_bytes = kib << 10;
    }
    return resident;
  }
  static void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5\n"; }
};

/// Bytes of /dev/shm reserved by this process's files, whether touched or not: the files are
/// unlinked, but their makers keep them open.
inline std::uint64_t reserved_shared_bytes() {
  std::uint64_t sum = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
    struct stat info {};
    if (target.starts_with("/dev/shm/buddy-") && ::stat(entry.path().c_str(), &info) == 0) {
      sum += static_cast<std::uint64_t>(info.st_blocks) * 512;
    }
  }
  return sum;
}

/// Lets MPI take the memory that it would take anyway.
inline void use_mpi_a_little() {
  int size = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  std::vector<int> all(static_cast<std::size_t>(size));
  MPI_Allgather(&size, 1, MPI_INT, all.data(), 1, MPI_INT, MPI_COMM_WORLD);
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallreduce(MPI_IN_PLACE, &size, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD, &request);
  MPI_Wait(&request, MPI_STATUS_IGNORE);
  MPI_Comm copy = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &copy);
  MPI_Comm_free(&copy);
}

/// Checks that no rank's memory has grown by more than \p limit_bytes since \p before, with all of
/// \p reserved_bytes counted, too. \return whether it held, on every rank
inline bool grew_at_most(std::uint64_t limit_bytes, const Resident& before,
                         std::uint64_t reserved_bytes) {
  const std::uint64_t mine = Resident::now().peak_bytes - before.now_bytes + reserved_bytes;
  std::uint64_t most = 0;
  int rank = 0;
  MPI_Allreduce(&mine, &most, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) {
    std::printf("memory of a rank: at most %.1f MiB%s\n", static_cast<double>(most) / (1 << 20),
                memory_means_something ? "" : " (with the sanitizer's own: not judged)");
  }
  return !memory_means_something || most <= limit_bytes;
}

}  // namespace buddy::test
