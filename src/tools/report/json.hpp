// What all reports have in common as JSON documents.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// What was not measured is null, never 0.
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace buddy::tools
