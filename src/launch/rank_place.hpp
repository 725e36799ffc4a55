// Where a launcher says that a rank is, for those who cannot ask MPI.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/status.hpp"

namespace buddy::launch {

/// Of one rank among those of its machine.
struct LocalPlace {
  int index = 0;
  int ranks = 1;
};

struct RankPlace {
  int rank = 0;                          ///< of the job; 0 if no launcher tells
  std::optional<LocalPlace> on_machine;  ///< none if no launcher tells
};

/// Value of an environment variable, or null; ::getenv is one.
using FindVariable = std::function<const char*(const char* name)>;

/// Reads the variables of one launcher: the first of Open MPI, MPICH and Slurm of which there are
/// any, but before them the one that Buddy was built with (\p flavour: "openmpi", "mpich"), as
/// a job within another one inherits the other's. Errors: invalid_argument naming the variable that
/// is missing beside the others or has a value that cannot be.
Result<RankPlace> read_rank_place(std::string_view flavour, const FindVariable& find);

}  // namespace buddy::launch
