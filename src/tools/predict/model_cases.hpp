// The programs that `buddy bench model` measures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace buddy::tools {

/// One program with its options.
struct ModelCase {
  bool operator==(const ModelCase&) const = default;

  std::string application;
  std::vector<std::string> options;
  std::string fabric;
  std::uint64_t work = 0;  ///< units per message, in the application's own unit
};

/// Applications x work per message x message size x fabric. Sizes are such that half a second
/// or more of a run is timed on a current core: pairs of shorter runs differ too much.
std::vector<ModelCase> model_cases();

}  // namespace buddy::tools
