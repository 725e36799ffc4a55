// Whole numbers in text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace buddy {

/// Nothing unless all of \p text is a number that fits.
template <class Number>
std::optional<Number> parse_whole(std::string_view text, int base = 10) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace buddy
