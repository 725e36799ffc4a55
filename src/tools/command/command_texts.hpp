// What the parsers of the commands know about themselves, for completion in a shell and man pages.
#pragma once

#include <string>
#include <vector>

#include "tools/command/parser.hpp"

namespace buddy::tools {

struct OptionText {
  std::vector<std::string> names;  ///< "--ranks", "-n"; empty for a word that stands for itself
  std::string argument;            ///< "RANKS"; empty for an option without one
  std::string description;
};

struct CommandText {
  std::string name;  ///< "buddy bench dca"
  std::string usage;
  std::string description;
  std::string footer;
  std::vector<OptionText> options;
  std::vector<CommandText> parts;  ///< commands of this command
};

/// Everything that the help of \p root and its commands shows.
CommandText texts_of(Parser root);

/// \p root and all below it, each before its parts.
std::vector<const CommandText*> all_commands(const CommandText& root);

}  // namespace buddy::tools
