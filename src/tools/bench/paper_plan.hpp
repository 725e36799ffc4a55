// `buddy bench paper`: its options, and what they come to on this machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launch/job_plan.hpp"
#include "tools/bench/paper_suite.hpp"
#include "tools/command/parser.hpp"

namespace buddy::tools {

/// As the user gave them.
struct PaperWords {
  bool also = false;
  SuiteSize size{};
  Option size_option{};  ///< to see whether it was given
};

/// Adds --also and --size to `bench`.
void add_paper_options(Parser app, PaperWords& words);

/// The suite with the sizes that it runs in.
struct PaperPlan {
  SuiteSize size{};
  std::vector<SuiteEntry> entries{};     ///< with their arguments
  std::vector<SizedProblem> problems{};  ///< one per entry; empty with --size cache
  RankShare share{};
};

/// \param job that all runs have in common
/// Errors: invalid_argument for a size that does not fit the memory; system where the memory that
/// is available cannot be read.
Result<PaperPlan> plan_paper(const PaperWords& words, const launch::JobPlan& job);

/// What was asked for means nothing if the suite does not run.
Status check_without_paper(const PaperWords& words);

/// How large the problems are and what decided that.
std::string format_sizes(const PaperPlan& plan);

/// What compares unless the user says so: the paper's baseline among all places to route.
inline constexpr const char* paper_contenders = "host,shared,engine,dpu";

}  // namespace buddy::tools
