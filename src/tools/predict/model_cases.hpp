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
  bool outside = false;    ///< of the sweep: models are judged by it, and not fitted on it
};

/// Applications x work per message x message size x fabric. Sizes are such that half a second
/// or more of a run is timed on a current core: pairs of shorter runs differ too much.
std::vector<ModelCase> model_cases();

/// At most \p count cases of each application, spread over its cases. A smaller count chooses some
/// of what a larger one does.
std::vector<ModelCase> some_of_each(const std::vector<ModelCase>& cases, std::size_t count);

/// A program outside the sweep, over UCX. \param words its application and its options
ModelCase outside_case(const std::vector<std::string>& words);

}  // namespace buddy::tools
