// Which programs gain and which lose, by their ratio and by how slow the engine is, as tables.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param figures of a study
std::string turn_text(const Json& figures);

}  // namespace buddy::tools
