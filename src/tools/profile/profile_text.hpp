// A profile for people.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param profile a document of schema buddy.profile.v1
std::string format_profile(const Json& profile);

}  // namespace buddy::tools
