// A profile for people.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace buddy::tools {

/// \param profile a document of schema buddy.profile.v1
std::string format_profile(const nlohmann::ordered_json& profile);

}  // namespace buddy::tools
