// --dram and --dram-cache: how commands measure memory traffic.
#pragma once

#include <optional>
#include <string>

#include "base/status.hpp"
#include "measure/cache/cache_geometry.hpp"
#include "tools/command/parser.hpp"

namespace buddy::tools {

/// As the user gave them.
struct DramWords {
  std::string method{};  ///< empty: what the command does otherwise
  std::string cache{};   ///< SIZE or SIZE/WAYS; empty: this machine's
};

/// What they mean.
struct DramChoice {
  std::string method;  ///< auto, none, or a name of measure::dram_methods()
  std::optional<measure::CacheGeometry> cache{};  ///< to simulate instead of this machine's

  bool measures() const;
};

/// \param text what --help says about --dram
void add_dram_options(Parser app, DramWords& words, const std::string& text);

/// \param otherwise the method if none was named
/// Errors: invalid_argument for a method that is not known, a cache that cannot be, and a cache
/// where nothing is simulated.
Result<DramChoice> dram_choice(const DramWords& words, std::string_view otherwise);

}  // namespace buddy::tools
