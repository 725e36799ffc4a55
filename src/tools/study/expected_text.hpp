// Speedups that two figures lead to expect, beside those that were measured.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// A table in Markdown, with a line on how to read it. \param figures of a study
std::string expected_text(const Json& figures);

}  // namespace buddy::tools
