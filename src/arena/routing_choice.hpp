// What the environment says about routing.
#pragma once

#include <buddy/comm_options.hpp>
#include <optional>

#include "base/status.hpp"

namespace buddy::arena {

inline constexpr const char* routing_variable = "BUDDY_ROUTING";

/// \return nothing if the variable is not set. Errors: invalid_argument, with the values that exist
Result<std::optional<Routing>> routing_from_environment();

}  // namespace buddy::arena
