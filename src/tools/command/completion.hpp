// Completion in a shell, made from the parsers' own tables.
#pragma once

#include <string>

#include "tools/command/command_texts.hpp"

namespace buddy::tools {

/// Scripts that a shell loads. Workloads, and their options, are looked up when somebody types: the
/// programs beside `buddy`, of which Buddy's own are asked with --list-options.
std::string bash_completion(const CommandText& root);
std::string zsh_completion(const CommandText& root);

}  // namespace buddy::tools
