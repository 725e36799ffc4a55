// Verdicts and doubts in documents: docs/verdicts.md.
#pragma once

#include "measure/verdict.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

Json json_of(const measure::Verdict& verdict);
Json json_of(const measure::Doubts& doubts);

}  // namespace buddy::tools
