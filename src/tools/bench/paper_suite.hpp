// What `buddy bench paper` runs: the five applications of the paper, and others beside them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/bench/suite_size.hpp"

namespace buddy::tools {

/// Stands for the whole suite where a workload is named.
inline constexpr std::string_view paper_suite_name = "paper";

/// A workload of the suite, with the options that it runs with.
struct SuiteEntry {
  std::string workload;
  std::vector<std::string> arguments;
  std::string reported;  ///< speedup in the paper, of the application that this one stands for
  Growth growth{};       ///< for --size memory
};

/// Source: "Communication Offloading on SmartNIC DPUs: A Quantitative Approach",
/// arXiv 2605.04842, 2026.
const std::vector<SuiteEntry>& paper_suite();
/// What --also adds: Buddy's other applications, which the paper does not report on.
const std::vector<SuiteEntry>& other_applications();

/// Entries whose program is in \p folder, or those whose program is not.
std::vector<SuiteEntry> installed(const std::vector<SuiteEntry>& suite, const std::string& folder);
std::vector<SuiteEntry> missing(const std::vector<SuiteEntry>& suite, const std::string& folder);

}  // namespace buddy::tools
