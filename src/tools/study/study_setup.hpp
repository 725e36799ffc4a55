// How a study launches its programs, and how much of it there is.
#pragma once

#include <span>
#include <string>

#include "base/status.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// Zeros and empty texts are filled in by complete_setup().
struct StudySetup {
  int ranks = 0;
  int nodes = 0;
  std::string fabric{};
  std::string host_cpus{};
  std::string engine_cpus{};
  std::string dpu{};   ///< as --dpu takes it
  int repeat = 0;      ///< runs of each placement
  std::string dram{};  ///< as --dram takes it
  bool quick = false;  ///< small and few: to see that everything works, not to be quoted
  friend bool operator==(const StudySetup&, const StudySetup&) = default;

  Json to_json() const;
  /// Of a document that may hold anything; what is not there stays as in the default.
  static StudySetup from_json(const Json& json);
  /// "-n is 2 there, not 4": where \p other, of a study that was begun, differs; empty if nowhere.
  std::string difference_to(const StudySetup& other) const;
};

/// The setup with what the user left open: two nodes over UCX. Their engines have the last of the
/// allowed CPUs, one each where there are four or more; the ranks have the others, one each, but at
/// least one rank a node. On two CPUs both ranks share the first one and both engines the second.
/// Errors: invalid_argument: fewer than two CPUs and none named, or a job that cannot be.
Result<StudySetup> complete_setup(StudySetup setup, std::span<const int> allowed);

}  // namespace buddy::tools
