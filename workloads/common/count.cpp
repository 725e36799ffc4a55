#include "common/count.hpp"

#include <fmt/core.h>

#include <charconv>
#include <utility>

namespace workloads {
namespace {

std::optional<std::uint64_t> parse_digits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::optional<std::uint64_t> power(std::uint64_t base, std::uint64_t exponent) {
  std::optional<std::uint64_t> result = 1;
  if (base <= 1) return exponent == 0 ? 1 : base;  // else the loop might take forever
  for (; result && exponent > 0; --exponent) result = multiply(*result, base);
  return result;
}

/// "A op B" -> {A, B}, or nothing if op does not occur or A or B is no number.
std::optional<std::pair<std::uint64_t, std::uint64_t>> split(std::string_view text,
                                                             std::string_view op) {
  const auto at = text.find(op);
  if (at == std::string_view::npos) return std::nullopt;
  const auto left = parse_digits(text.substr(0, at));
  const auto right = parse_digits(text.substr(at + op.size()));
  if (!left || !right) return std::nullopt;
  return std::pair{*left, *right};
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  if (const auto parts = split(text, "^")) return power(parts->first, parts->second);
  if (const auto parts = split(text, "<<")) {
    const auto factor = power(2, parts->second);
    return factor ? multiply(parts->first, *factor) : std::nullopt;
  }
  std::uint64_t unit = 1;
  if (text.ends_with('k')) unit = 1000;
  if (text.ends_with('M')) unit = 1000000;
  if (unit != 1) text.remove_suffix(1);
  const auto value = parse_digits(text);
  return value ? multiply(*value, unit) : std::nullopt;
}

Option add_count(CommandLine& app, const CountOption& option, std::uint64_t& value) {
  const auto set = [&value, option](const std::string& text) -> std::string {
    const auto parsed = parse_count(text);
    if (!parsed) {
      return fmt::format(
          "'{}' is not a count (it must be a whole number) write it like 1048576, 2^20, 500k or "
          "16M",
          text);
    }
    if (*parsed < option.min || *parsed > option.max) {
      return fmt::format("{} is out of range (it must be {} to {}) choose another value", text,
                         option.min, option.max);
    }
    value = *parsed;
    return {};
  };
  return app.add({option.name, "COUNT", option.help, std::to_string(value)}, set);
}

}  // namespace workloads
