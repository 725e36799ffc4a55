// The options of `buddy bench dca` that describe the caches.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "measure/cache/cache_model.hpp"
#include "tools/command/parser.hpp"

namespace buddy::tools {

/// As the user gave them; what is empty is the preset's.
struct CacheWords {
  std::string preset = "bluefield3";
  std::array<std::string, 3> levels{};  ///< SIZE or SIZE/WAYS
  std::string last_level{};             ///< inclusive, exclusive
  std::string links{};                  ///< dma, cores
  std::optional<std::uint32_t> dca_ways{};
};

void add_cache_options(Parser app, CacheWords& words);

/// Errors: invalid_argument.
Result<measure::CacheOptions> cache_options(const CacheWords& words);

/// "48", "16,48", "none": numbers of ranks; up to 256 each, as an engine of so many takes seconds
/// to replay. \return what is wrong with \p text, or nothing
std::string take_rank_numbers(const std::string& text, std::vector<std::uint32_t>& ranks);

/// "16M", "512KiB/8", "65536": a size, and the number of ways if it is given (else \p otherwise's).
/// Errors: invalid_argument.
Result<measure::CacheShape> parse_cache_shape(const std::string& text,
                                              const measure::CacheShape& otherwise);

}  // namespace buddy::tools
