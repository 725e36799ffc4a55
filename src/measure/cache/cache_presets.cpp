// Sizes of real caches, and what no cache can be. Sources: docs/design/dca.md.
#include <string>

#include "measure/cache/cache_model.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint32_t most_ways = 128;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// 16 Cortex-A78AE. Their second level is strictly inclusive of the first.
CacheOptions bluefield3() {
  CacheOptions options;
  options.levels = {{64 * kib, 4}, {512 * kib, 8}, {16 * mib, 16}};
  options.last_level = LastLevel::exclusive;
  options.links = Links::dma;
  return options;
}

/// One core complex of an EPYC 7003: the third level takes what the second evicts. The limit on
/// inbound writes is the usual one of Intel's DDIO.
CacheOptions x86() {
  CacheOptions options;
  options.levels = {{32 * kib, 8}, {512 * kib, 8}, {32 * mib, 16}};
  options.last_level = LastLevel::exclusive;
  options.links = Links::cores;
  options.dca_ways = 2;
  return options;
}

}  // namespace

Result<CacheOptions> cache_preset(std::string_view name) {
  if (name == "bluefield3") return bluefield3();
  if (name == "x86") return x86();
  return invalid("there is no preset '" + std::string(name) +
                 "' (bluefield3 and x86 exist) choose one of them, and change its sizes");
}

Status check(const CacheOptions& options) {
  if (options.levels.size() < 2) {
    return invalid(
        "a core without a cache of its own cannot be modelled (there is one level) "
        "give at least two");
  }
  std::uint64_t above = 0;
  for (const CacheShape& shape : options.levels) {
    const std::string size =
        std::to_string(shape.size_bytes) + " bytes in " + std::to_string(shape.ways) + " ways";
    if (shape.ways == 0 || shape.ways > most_ways || shape.size_bytes == 0 ||
        shape.size_bytes % (shape.ways * cache_line_bytes) != 0) {
      return invalid("no cache has " + size +
                     " (a way holds whole lines of 64 bytes; 1 to 128 "
                     "ways) choose a size that is a multiple of ways x 64");
    }
    if (shape.size_bytes < above) {
      return invalid("a cache of " + size +
                     " is smaller than the one above it (it could not hold "
                     "what that one holds) give sizes that grow");
    }
    above = shape.size_bytes;
  }
  if (options.dca_ways > options.levels.back().ways) {
    return invalid(std::to_string(options.dca_ways) +
                   " ways for inbound writes are too many (the "
                   "last level has " +
                   std::to_string(options.levels.back().ways) + ") choose fewer, or 0 for all");
  }
  return {};
}

}  // namespace buddy::measure
