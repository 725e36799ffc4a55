#include "tools/profile/dram_options.hpp"

#include <fmt/core.h>

#include "measure/dram/dram_methods.hpp"
#include "tools/command/nearest.hpp"
#include "tools/dca/dca_options.hpp"

namespace buddy::tools {
namespace {

constexpr std::uint32_t usual_ways = 16;
constexpr std::uint32_t most_ways = 256;
constexpr std::uint64_t line_bytes = 64;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Result<measure::CacheGeometry> parse_cache(const std::string& text) {
  const auto shape = parse_cache_shape(text, {.size_bytes = 0, .ways = usual_ways});
  if (!shape.ok()) return invalid("--dram-cache: " + shape.status().message());
  const auto [bytes, ways] = shape.value();
  if (ways < 1 || ways > most_ways || bytes < ways * line_bytes ||
      bytes > measure::most_cache_bytes) {
    return invalid(
        fmt::format("--dram-cache: '{}' is no cache that can be simulated (1 to {} ways of at "
                    "least {} bytes, and at most {} MiB) choose another size",
                    text, most_ways, line_bytes, measure::most_cache_bytes >> 20));
  }
  return measure::fitting_geometry(bytes, ways, line_bytes);
}

}  // namespace

bool DramChoice::measures() const { return method != measure::dram_none; }

void add_dram_options(Parser app, DramWords& words, const std::string& text) {
  app.add_option("--dram", words.method, text).type_name("METHOD");
  app.add_option("--dram-cache", words.cache,
                 "last-level cache that cachegrind simulates, like 16M or 16M/8: size/ways "
                 "(default: this machine's; 32M where it is not described)")
      .type_name("SIZE");
}

Result<DramChoice> dram_choice(const DramWords& words, std::string_view otherwise) {
  DramChoice choice{.method = words.method.empty() ? std::string(otherwise) : words.method};
  const auto names = measure::dram_method_names();
  const std::string unknown = check_choice("method", choice.method, names);
  if (!unknown.empty()) return invalid("--dram: " + unknown);
  if (words.cache.empty()) return choice;
  if (choice.method != measure::dram_auto && choice.method != measure::dram_cachegrind) {
    return invalid(
        fmt::format("--dram-cache means nothing with --dram {} (no cache is simulated) "
                    "leave it out, or take --dram cachegrind",
                    choice.method));
  }
  const auto cache = parse_cache(words.cache);
  if (!cache.ok()) return cache.status();
  choice.cache = cache.value();
  return choice;
}

}  // namespace buddy::tools
