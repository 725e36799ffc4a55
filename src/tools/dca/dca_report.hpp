// The study of Direct Cache Access as a table and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/bench/bench_record.hpp"
#include "tools/dca/dca_cross_check.hpp"
#include "tools/dca/dca_study.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {

/// Tables: DRAM traffic by application, receive-buffer schemes, and the cross-check if there is
/// one.
std::string format_dca(const DcaStudy& study, const std::optional<CrossCheck>& check);

/// Schema buddy.dca.v1: docs/formats/dca_json.md. \param command line that repeats it
Json dca_report(const DcaStudy& study, const std::optional<CrossCheck>& check,
                const Machine& machine, const std::vector<std::string>& command);

}  // namespace buddy::tools
