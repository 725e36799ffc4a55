// What a mistyped option was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace workloads {

/// The candidate that differs from \p word in the fewest letters; empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace workloads
