#include "tools/command/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

namespace buddy::tools {

bool is_option(const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) != 0;
}

const CLI::Option* option_of(const CLI::App& app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (name.starts_with("--")) return app.get_option_no_throw(name);
  return app.get_option_no_throw(name.substr(0, 2));  // -n and -n2
}

bool holds_value(const std::string& word) {
  return word.starts_with("--") ? word.find('=') != std::string::npos : word.size() > 2;
}

SplitLine split_at_dashes(const std::vector<std::string>& words) {
  SplitLine line;
  const auto dashes = std::find(words.begin(), words.end(), "--");
  line.own.assign(words.begin(), dashes);
  if (dashes != words.end()) line.extra.after_dashes.assign(dashes + 1, words.end());
  return line;
}

void take_unknown_options(SplitLine& line, Parser parser,
                          const std::function<bool(const std::string&)>& is_positional) {
  std::vector<std::string> own;
  for (std::size_t i = 0; i < line.own.size(); ++i) {
    const std::string& word = line.own[i];
    const CLI::Option* option = is_option(word) ? option_of(parser.app(), word) : nullptr;
    std::vector<std::string>& target =
        is_option(word) && option == nullptr ? line.extra.unknown : own;
    target.push_back(word);
    const bool takes_value = option != nullptr ? option->get_expected_min() > 0 : &target != &own;
    // What nobody knows is no letter with its value.
    const bool is_whole =
        option != nullptr ? holds_value(word) : word.find('=') != std::string::npos;
    if (!takes_value || is_whole || i + 1 == line.own.size()) continue;
    const std::string& next = line.own[i + 1];
    if (option == nullptr && (is_option(next) || is_positional(next))) continue;
    target.push_back(next);
    ++i;
  }
  line.own = std::move(own);
}

}  // namespace buddy::tools
