#include "tools/command/sizes.hpp"

#include <algorithm>
#include <charconv>

namespace buddy::tools {
namespace {

using Number = std::optional<std::uint64_t>;

Number digits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Number product(Number a, Number b) {
  std::uint64_t result = 0;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &result)) return std::nullopt;
  return result;
}

Number power(std::uint64_t base, std::uint64_t exponent) {
  Number result = 1;
  if (base <= 1) return exponent == 0 ? 1 : base;  // else the loop might take forever
  for (; result && exponent > 0; --exponent) result = product(result, base);
  return result;
}

/// What "k", "Mi" and so on stand for. \param base of a letter alone
Number factor(std::string_view unit, std::uint64_t base) {
  if (unit.empty()) return 1;
  constexpr std::string_view letters = "kmgt";
  const char letter = static_cast<char>(unit.front() | 0x20);
  const auto exponent = letters.find(letter);
  if (exponent == std::string_view::npos) return std::nullopt;
  unit.remove_prefix(1);
  if (unit != "" && unit != "i") return std::nullopt;
  return power(unit.empty() ? base : 1024, exponent + 1);
}

Number with_unit(std::string_view text, std::uint64_t base) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  return product(digits(text.substr(0, end)), factor(text.substr(end), base));
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  if (text.find_first_of("^<") != std::string_view::npos) return parse_count(text);
  if (text.ends_with('B')) text.remove_suffix(1);
  return with_unit(text, 1024);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  if (const auto at = text.find('^'); at != std::string_view::npos) {
    const Number base = digits(text.substr(0, at));
    const Number exponent = digits(text.substr(at + 1));
    return base && exponent ? power(*base, *exponent) : std::nullopt;
  }
  if (const auto at = text.find("<<"); at != std::string_view::npos) {
    const Number shift = digits(text.substr(at + 2));
    return shift ? product(digits(text.substr(0, at)), power(2, *shift)) : std::nullopt;
  }
  return with_unit(text, 1000);
}

}  // namespace buddy::tools
