#include "tools/bench/option_words.hpp"

#include <algorithm>

namespace buddy::tools {

std::optional<ValuePlace> find_option(std::span<const std::string> words, std::string_view option) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == option && i + 1 < words.size()) return ValuePlace{i + 1, 0};
    if (words[i].starts_with(option) && words[i].substr(option.size()).starts_with('=')) {
      return ValuePlace{i, option.size() + 1};
    }
  }
  return std::nullopt;
}

void set_option(std::vector<std::string>& words, std::string_view option, std::uint64_t value,
                std::size_t place) {
  const std::string text = std::to_string(value);
  if (const auto found = find_option(words, option)) {
    words[found->word] = words[found->word].substr(0, found->offset) + text;
  } else {
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(place), {std::string(option), text});
  }
}

}  // namespace buddy::tools
