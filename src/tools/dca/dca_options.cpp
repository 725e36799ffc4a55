#include "tools/dca/dca_options.hpp"

#include <fmt/core.h>

#include <charconv>
#include <string_view>

#include "tools/command/nearest.hpp"
#include "tools/command/sizes.hpp"

namespace buddy::tools {
namespace {

using measure::CacheShape;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// Takes a number off the front. \return nothing if there is none, or it is too large
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

template <class Choice>
Status choose(const std::string& word, const char* option, std::pair<const char*, Choice> first,
              std::pair<const char*, Choice> second, Choice& chosen) {
  if (word.empty()) return {};
  const std::vector<std::string> names = {first.first, second.first};
  const std::string unknown = check_choice("value", word, names);
  if (!unknown.empty()) return invalid(fmt::format("{}: {}", option, unknown));
  chosen = word == first.first ? first.second : second.second;
  return {};
}

}  // namespace

Result<CacheShape> parse_cache_shape(const std::string& text, const CacheShape& otherwise) {
  const Status wrong = invalid(
      fmt::format("'{}' is no size of a cache (a number of bytes, K, M or G, and / with the "
                  "number of ways if wanted) write it like 16M or 512K/8",
                  text));
  std::string_view rest = text;
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto size = parse_bytes(rest.substr(0, slash));
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 40;
  if (!size || *size > most_bytes) return wrong;
  CacheShape shape{*size, otherwise.ways};
  if (slash == rest.size()) return shape;
  rest.remove_prefix(slash + 1);
  const auto ways = take_number(rest);
  if (!ways || !rest.empty() || *ways > ~std::uint32_t{0}) return wrong;
  shape.ways = static_cast<std::uint32_t>(*ways);
  return shape;
}

std::string take_rank_numbers(const std::string& text, std::vector<std::uint32_t>& ranks) {
  ranks.clear();
  if (text == "none") return {};
  constexpr std::uint64_t most_ranks = 256;
  std::string_view rest = text;
  for (;;) {
    const auto number = take_number(rest);
    const bool more = number && !rest.empty() && rest.front() == ',';
    if (!number || *number == 0 || *number > most_ranks || (!more && !rest.empty())) {
      return fmt::format(
          "'{}' are no numbers of ranks (1 to {}, with commas between) write them "
          "like 16,48, or none",
          text, most_ranks);
    }
    ranks.push_back(static_cast<std::uint32_t>(*number));
    if (!more) return {};
    rest.remove_prefix(1);
  }
}

void add_cache_options(Parser app, CacheWords& words) {
  app.add_option("--preset", words.preset,
                 "caches to start from: bluefield3 or x86 (default: bluefield3)")
      .type_name("NAME");
  const std::array<const char*, 3> names = {"--l1", "--l2", "--l3"};
  const std::array<const char*, 3> texts = {
      "first level, like 64K or 64K/4: size/ways (default: the preset's)", "second level, likewise",
      "last level, likewise: shared with devices"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    app.add_option(names[i], words.levels[i], texts[i]).type_name("SIZE");
  }
  app.add_option("--last-level", words.last_level,
                 "what the last level holds: inclusive (a copy of the others) or exclusive")
      .type_name("KIND");
  app.add_option("--dca-ways", words.dca_ways,
                 "ways of the last level that inbound writes may take; 0: all")
      .type_name("WAYS");
  app.add_option("--links", words.links,
                 "how frames of local ranks come in: dma (the ranks' host is beyond PCIe) or cores")
      .type_name("HOW");
}

Result<measure::CacheOptions> cache_options(const CacheWords& words) {
  static const std::vector<std::string> presets = {"bluefield3", "x86"};
  const std::string unknown = check_choice("preset", words.preset, presets);
  if (!unknown.empty()) return invalid("--preset: " + unknown);
  auto preset = measure::cache_preset(words.preset);
  if (!preset.ok()) return preset.status();
  measure::CacheOptions& options = preset.value();
  for (std::size_t i = 0; i < words.levels.size(); ++i) {
    if (words.levels[i].empty()) continue;
    const auto shape = parse_cache_shape(words.levels[i], options.levels[i]);
    if (!shape.ok()) return shape.status();
    options.levels[i] = shape.value();
  }
  using measure::LastLevel;
  using measure::Links;
  Status status =
      choose<LastLevel>(words.last_level, "--last-level", {"inclusive", LastLevel::inclusive},
                        {"exclusive", LastLevel::exclusive}, options.last_level);
  if (!status.ok()) return status;
  status = choose<Links>(words.links, "--links", {"dma", Links::dma}, {"cores", Links::cores},
                         options.links);
  if (!status.ok()) return status;
  if (words.dca_ways) options.dca_ways = *words.dca_ways;
  status = measure::check(options);
  if (!status.ok()) return status;
  return preset;
}

}  // namespace buddy::tools
