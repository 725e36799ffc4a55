// The paper's table, for people and for the report.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench_report.hpp"
#include "tools/bench/paper_plan.hpp"

namespace buddy::tools {

/// Two tables with a line per application: speedups beside the paper's, and what each place costs.
/// What was not measured is a dash. \param cases those of \p suite that ran, in any order
std::string format_suite(const std::vector<SuiteEntry>& suite,
                         const std::vector<CaseReport>& cases);

/// The same as `paper` of the report; null if \p plan is empty.
Json paper_json(const PaperPlan& plan, const std::vector<CaseReport>& cases);

}  // namespace buddy::tools
