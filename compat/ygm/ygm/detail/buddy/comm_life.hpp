// Definitions of ygm::comm: beginning and end.
#pragma once

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <ygm/comm.hpp>

namespace ygm {

inline comm* detail::owner_of(buddy::Comm& comm) noexcept {
  return static_cast<ygm::comm*>(&comm);  // only a ygm::comm sends functors, and only to its like
}

inline buddy::Options comm::options_of(const detail::comm_environment& environment) {
  buddy::Options options;
  if (environment.buffer_size_kb) options.collect_bytes = *environment.buffer_size_kb * 1024;
  return options;
}

inline MPI_Comm comm::when_initialised(MPI_Comm parent) {
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised == 0) {
    throw std::runtime_error(
        "ygm::comm(MPI_Comm) before MPI_Init (there are no communicators yet) call MPI_Init, or "
        "use ygm::comm(&argc, &argv)");
  }
  return parent;
}

inline comm::comm(int* argc, char*** argv) : comm(detail::comm_environment(), argc, argv) {}
inline comm::comm(MPI_Comm parent) : comm(detail::comm_environment(), when_initialised(parent)) {}

inline comm::comm(const detail::comm_environment& environment, int* argc, char*** argv)
    : buddy::Comm(argc, argv, options_of(environment)),
      environment_(environment),
      layout_(*this),
      router_(layout_, environment_.routing),
      stats_(*this),
      m_enable_interrupts(*this) {
  begin();
}

inline comm::comm(const detail::comm_environment& environment, MPI_Comm parent)
    : buddy::Comm(parent, options_of(environment)),
      environment_(environment),
      layout_(*this),
      router_(layout_, environment_.routing),
      stats_(*this),
      m_enable_interrupts(*this) {
  begin();
}

inline void comm::begin() {
  logger_ = detail::logger(rank(), environment_.default_log_path + std::to_string(rank()));
  logger_.set_log_level(environment_.default_log_level);
  log(log_level::info, "Setting up ygm::comm");
  if (environment_.welcome) welcome(std::cout);
  say_no_effect();
}

inline comm::~comm() {
  if (std::uncaught_exceptions() != 0) return;
  m_enable_interrupts = true;
  try {
    barrier();
    log(log_level::info, "Destroying ygm::comm");
  } catch (const buddy::Error& error) {
    // The job has failed, which the base knows. What a handler throws ends the program, though.
    std::cerr << error.what() << std::endl;
  }
}

inline void comm::say_no_effect() const {
  static bool said = false;
  int world_rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &world_rank);
  if (said || world_rank != 0 || environment_.without_effect.empty()) return;
  said = true;
  std::string names;
  for (const std::string& name : environment_.without_effect) {
    names += (names.empty() ? "" : ", ") + name;
  }
  std::cerr << "buddy: without effect: " << names
            << " (Buddy's engine has no such buffers, requests or traces) leave unset" << std::endl;
}

inline void comm::say_no_tracing() const {
  static bool said = false;
  if (said || !rank0()) return;
  said = true;
  std::cerr << "buddy: no tracing (Buddy does not write YGM's event traces) use stats_print()"
            << std::endl;
}

inline void comm::set_log_location(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder) && !std::filesystem::is_directory(folder)) {
    throw std::runtime_error("cannot log to " + folder.string() +
                             " (it is not a folder) name another");
  }
  std::filesystem::create_directories(folder);
  logger_.set_path(folder / ("ygm_logs" + std::to_string(rank())));
}

}  // namespace ygm
