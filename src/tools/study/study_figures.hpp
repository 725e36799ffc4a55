// The figures of a study, collected from the reports of its steps. Each is a figure of a report, a
// median or a ratio of its runs, or null where there is none.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// Names of the steps that are done, in their order, and their reports.
using StepReports = std::vector<std::pair<std::string, JsonValue>>;

/// Keys: docs/formats/study_json.md, "figures". Reports may hold anything.
Json study_figures(const StepReports& reports);

/// The member behind several keys, or null.
Json member(const Json& json, std::initializer_list<const char*> keys);

}  // namespace buddy::tools
