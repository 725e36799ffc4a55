// Definitions of ygm::comm: what it writes.
#pragma once

#include <array>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <ygm/comm.hpp>

namespace ygm {
namespace detail {

/// Takes everything, writes nothing.
inline std::ostream& nowhere() {
  static std::ostream stream(nullptr);
  return stream;
}

template <typename... Args>
std::string joined(const Args&... args) {
  std::ostringstream text;
  (text << ... << args);
  return text.str();
}

}  // namespace detail

inline std::ostream& comm::cout() const { return std::cout << rank() << ": "; }
inline std::ostream& comm::cerr() const { return std::cerr << rank() << ": "; }
inline std::ostream& comm::cout0() const { return rank0() ? std::cout : detail::nowhere(); }
inline std::ostream& comm::cerr0() const { return rank0() ? std::cerr : detail::nowhere(); }

template <typename... Args>
void comm::cout(Args&&... args) const {
  std::cout << detail::joined(rank(), ": ", args...) << std::endl;
}
template <typename... Args>
void comm::cerr(Args&&... args) const {
  std::cerr << detail::joined(rank(), ": ", args...) << std::endl;
}
template <typename... Args>
void comm::cout0(Args&&... args) const {
  if (rank0()) std::cout << detail::joined(args...) << std::endl;
}
template <typename... Args>
void comm::cerr0(Args&&... args) const {
  if (rank0()) std::cerr << detail::joined(args...) << std::endl;
}

inline void comm::welcome(std::ostream& os) const {
  static bool written = false;
  if (written) return;
  written = true;
  if (!rank0()) return;
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> version{};
  int length = 0;
  MPI_Get_library_version(version.data(), &length);
  const std::string_view library(version.data(), static_cast<std::size_t>(length));
  std::ostringstream text;
  text << "======== ygm::comm on Buddy ========\n"
       << "COMM_SIZE = " << size() << "\nRANKS_PER_NODE = " << layout_.local_size()
       << "\nNUM_NODES = " << layout_.node_size()
       << "\nMPI_LIBRARY = " << library.substr(0, library.find_first_of(",\n"))
#if __has_include(<ygm/version.hpp>)
       << "\nYGM_VERSION = " << ygm_version
#endif
       << "\nPLACEMENT = " << (placement() == buddy::Placement::host ? "host" : "engine")
       << "\nFABRIC = " << (fabric() == buddy::FabricKind::shm ? "shm" : "ucx") << "\n";
  environment_.print(text);
  text << "====================================\n";
  os << text.str();
}

/// The names are those that programs look for; what they mean here: detail::comm_stats.
inline void comm::stats_print(const std::string& name, std::ostream& os) const {
  std::ostringstream text;
  text << "============== STATS =================\n"
       << "NAME                     = " << name << "\n"
       << "TIME                     = " << stats_.get_elapsed_time() << "\n"
       << "GLOBAL_ASYNC_COUNT       = " << all_reduce_sum(stats_.get_async_count()) << "\n"
       << "GLOBAL_ISEND_COUNT       = " << all_reduce_sum(stats_.get_isend_count()) << "\n"
       << "GLOBAL_ISEND_BYTES       = " << all_reduce_sum(stats_.get_isend_bytes()) << "\n"
       << "MAX_WAITSOME_ISEND_IRECV = " << all_reduce_max(stats_.get_waitsome_isend_irecv_time())
       << "\n"
       << "MAX_WAITSOME_IALLREDUCE  = " << all_reduce_max(stats_.get_waitsome_iallreduce_time())
       << "\n"
       << "COUNT_IALLREDUCE         = " << stats_.get_iallreduce_count() << "\n"
       << "======================================";
  if (rank0()) os << text.str() << std::endl;
}

}  // namespace ygm
