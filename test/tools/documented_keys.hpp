// Keys of JSON objects, and those that a page of docs/formats names.
#pragma once

#include <string>
#include <vector>

#include "support/markdown.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools::testing {

using Keys = std::vector<std::string>;

inline Keys keys_of(const Json& object) {
  Keys keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

/// First column of the first table among \p lines.
inline Keys documented_keys(const std::vector<std::string>& lines) {
  Keys keys;
  for (const auto& row : buddy::testing::first_table(lines)) keys.push_back(row.at(0));
  return keys;
}

}  // namespace buddy::tools::testing
