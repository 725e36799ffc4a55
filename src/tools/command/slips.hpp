// Slips of the pen in a command line, found before it is parsed, so that they are named by what
// they are: a word nobody knows, a program without "--", an option without its value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/command/parser.hpp"

namespace buddy::tools {

struct Slip {
  std::string command;  ///< "bench dca"; empty if the command itself is not known
  std::string message;
};

/// What is wrong with \p own, a line without what follows "--", apart from values. Lines that ask
/// for help have no slips behind that.
std::optional<Slip> find_slip(Parser root, const std::vector<std::string>& own);

/// The first of \p words, which name a command and perhaps a part of it, that is none: what follows
/// "help".
std::optional<Slip> find_help_slip(Parser root, const std::vector<std::string>& words);

/// The command that \p own names: "bench dca".
std::string command_in(Parser root, const std::vector<std::string>& own);

/// Names of the options of a command, those that the help shows: "--ranks", "-n".
std::vector<std::string> option_names(Parser app);

}  // namespace buddy::tools
