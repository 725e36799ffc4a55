// The paper's applications in the places that can route, as tables.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param figures of a study
std::string places_text(const Json& figures);

/// The comparison of two places in \p program, or null.
Json comparison(const Json& program, const std::string& of, const std::string& over);

}  // namespace buddy::tools
