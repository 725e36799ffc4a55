#include "common/count.hpp"

#include <fmt/core.h>

#include <algorithm>
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

/// What "k", "Mi" and so on stand for. \param base of a letter alone
std::optional<std::uint64_t> factor(std::string_view unit, std::uint64_t base) {
  if (unit.empty()) return 1;
  constexpr std::string_view letters = "kmgt";
  const char letter = static_cast<char>(unit.front() | 0x20);
  const auto exponent = letters.find(letter);
  if (exponent == std::string_view::npos) return std::nullopt;
  unit.remove_prefix(1);
  if (!unit.empty() && unit != "i") return std::nullopt;
  return power(unit.empty() ? base : 1024, exponent + 1);
}

std::optional<std::uint64_t> with_unit(std::string_view text, std::uint64_t base) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = parse_digits(text.substr(0, end));
  const auto unit = factor(text.substr(end), base);
  return value && unit ? multiply(*value, *unit) : std::nullopt;
}

/// How a kind of numbers is written.
struct NumberKind {
  const char* type;
  std::optional<std::uint64_t> (*parse)(std::string_view text);
  const char* wrong;  ///< what is said about a text that is none
};

Option add_number(CommandLine& app, const CountOption& option, std::uint64_t& value,
                  const NumberKind& kind) {
  const auto set = [&value, option, kind](const std::string& text) -> std::string {
    const auto parsed = kind.parse(text);
    if (!parsed) return fmt::format("'{}' {}", text, kind.wrong);
    if (*parsed < option.min || *parsed > option.max) {
      return fmt::format("{} is out of range (it must be {} to {}) choose another value", text,
                         option.min, option.max);
    }
    value = *parsed;
    return {};
  };
  return app.add({option.name, kind.type, option.help, std::to_string(value)}, set);
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  if (const auto parts = split(text, "^")) return power(parts->first, parts->second);
  if (const auto parts = split(text, "<<")) {
    const auto factor = power(2, parts->second);
    return factor ? multiply(parts->first, *factor) : std::nullopt;
  }
  return with_unit(text, 1000);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  if (const auto power_of = text.find_first_of("^<"); power_of != std::string_view::npos) {
    return parse_count(text);
  }
  if (text.ends_with('B')) text.remove_suffix(1);
  return with_unit(text, 1024);
}

Option add_count(CommandLine& app, const CountOption& option, std::uint64_t& value) {
  return add_number(app, option, value,
                    {.type = "COUNT",
                     .parse = parse_count,
                     .wrong = "is not a count (it must be a whole number) write it like 1048576, "
                              "2^20, 500k or 16M"});
}

Option add_bytes(CommandLine& app, const CountOption& option, std::uint64_t& value) {
  return add_number(app, option, value,
                    {.type = "BYTES",
                     .parse = parse_bytes,
                     .wrong = "is not a number of bytes (it must be a whole number) write it like "
                              "4096, 64K or 1GiB"});
}

}  // namespace workloads
