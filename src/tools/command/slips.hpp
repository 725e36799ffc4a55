// Slips of the pen in a command line, found before it is parsed, so that they are named by what
// they are: a word nobody knows, a program without "--".
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

/// The first word of \p own, a line without what follows "--", that nobody knows. Lines that ask
/// for help have none.
std::optional<Slip> find_slip(Parser root, const std::vector<std::string>& own);

/// Names of the options of a command, those that the help shows: "--ranks", "-n".
std::vector<std::string> option_names(Parser app);

}  // namespace buddy::tools
