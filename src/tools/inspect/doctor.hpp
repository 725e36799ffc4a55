// What this machine offers to Buddy, and what is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "launch/launcher.hpp"

namespace buddy::tools {

enum class Health {
  good,
  note,     ///< Buddy runs, but something is worth knowing
  missing,  ///< Buddy cannot run
};

/// One line of the diagnosis.
struct Finding {
  Health health = Health::good;
  std::string subject;
  std::string text;
};

/// /dev/shm that a job in host placement on one machine takes, bytes.
std::uint64_t shm_needed_bytes(int ranks);

Finding check_cpus_and_caches();
/// Round trips of a cache line, ns: between hardware threads of one core they are shorter than the
/// first, between cores of one processor up to the second, between processors, or cores of a
/// virtual machine, up to the third.
inline constexpr double near_cores_ns = 40;
inline constexpr double far_cores_ns = 250;
inline constexpr double farthest_cores_ns = 1500;
Finding judge_core_distance(double distance_ns);
Finding check_core_distance();
/// \param folder where shared memory is mounted
Finding check_shared_memory(const std::string& folder);
/// Starts one process through the launcher.
Finding check_launcher(const launch::Launcher& launcher);
Finding check_network();
Finding check_kernel();
Finding check_open_files();
Finding check_huge_pages();
Finding check_performance_counters();
/// One line per method of measuring memory traffic. Valgrind is tried. \param command path of
/// `buddy`
std::vector<Finding> check_memory_traffic(const std::string& command);
/// \param removed directories of crashed jobs that were found and removed
Finding check_stale_directories(int removed);
Finding check_workloads(const std::string& folder);

}  // namespace buddy::tools
