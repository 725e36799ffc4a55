// The machine that figures were measured on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

struct Machine {
  std::string host_name;
  std::string cpu_model;
  std::string topology;  ///< "1 package, 2 cores, 2 hardware threads, L3 480 MiB"
  int cores = 0;
  std::vector<int> allowed_cpus;  ///< that this process may use
  std::uint64_t memory_bytes = 0;
  std::string kernel;
  std::string compiler;  ///< that compiled this command
  std::string version;   ///< of Buddy
  std::string mpi;       ///< flavour that Buddy was built with

  Json to_json() const;
};

Machine describe_machine();

}  // namespace buddy::tools
