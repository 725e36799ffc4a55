// Splitting a command line into what CLI11 parses and what belongs to somebody else.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/command/command.hpp"

namespace buddy::tools {

struct SplitLine {
  std::vector<std::string> own;
  ExtraWords extra;
};

/// "-x" and "--xyz", but not "-5" and "-".
bool is_option(const std::string& word);
/// What \p word names, "--nodes=2" and "-n2" included; nullptr if \p app has no such option.
const CLI::Option* option_of(const CLI::App& app, const std::string& word);
/// Whether an option and its value are one word: --nodes=2, -n2.
bool holds_value(const std::string& word);

/// Takes everything behind the first lone "--" off.
SplitLine split_at_dashes(const std::vector<std::string>& words);

/// Takes options off that \p app does not have, each with the word that follows it unless that word
/// is an option too or \p is_positional says that it stands for itself.
void take_unknown_options(SplitLine& line, Parser app,
                          const std::function<bool(const std::string&)>& is_positional);

}  // namespace buddy::tools
