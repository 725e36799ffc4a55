// A benchmark's figures for people.
#pragma once

#include <string>

#include "tools/bench/bench_summary.hpp"

namespace buddy::tools {

/// Table of one workload and the lines that compare its contenders.
/// \param setting what all runs had in common, for the heading
std::string format_table(const Summary& summary, const std::string& setting);

}  // namespace buddy::tools
