#include "tools/command/completion.hpp"

#include <fmt/format.h>

#include <buddy_config.hpp>
#include <map>
#include <string_view>
#include <vector>

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

/// What an argument may be, where that is a list.
Words choices_of(const std::string& argument) {
  static const std::map<std::string, Words> choices = {
      {"PLACEMENT", {"host", "engine"}},
      {"FABRIC", {"shm", "ucx"}},
      {"ROUTING", {"auto", "direct", "node", "grid"}},
      {"ENGINE", {"x86", "bluefield3"}},
      {"METHOD", {"auto", "none", "resctrl", "perf", "bfperf", "cachegrind"}},
      {"SHELL", {"bash", "zsh"}},
  };
  const auto found = choices.find(argument);
  return found == choices.end() ? Words() : found->second;
}

/// The name of a command without "buddy": what is typed after it.
std::string words_of(const CommandText& command) {
  const auto space = command.name.find(' ');
  return space == std::string::npos ? "" : command.name.substr(space + 1);
}

std::string last_word(const CommandText& command) {
  return command.name.substr(command.name.rfind(' ') + 1);
}

/// All names of options whose argument satisfies \p wanted, for a pattern: "--json|--html".
template <class Wanted>
std::string pattern_of(const CommandText& command, Wanted wanted) {
  Words names;
  for (const OptionText& option : command.options) {
    if (wanted(option)) names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return fmt::format("{}", fmt::join(names, "|"));
}

bool is_file(const OptionText& option) {
  return option.argument == "FILE" || option.argument == "PROFILE";
}
bool is_folder(const OptionText& option) { return option.argument == "DIR"; }

/// What bash does with the word after an option of \p command.
std::string bash_arguments(const CommandText& command) {
  std::string text;
  const auto add = [&](const std::string& names, const std::string& action) {
    if (!names.empty()) text += fmt::format("        {}) {}; return ;;\n", names, action);
  };
  add(pattern_of(command, is_file), "_buddy_files -f");
  add(pattern_of(command, is_folder), "_buddy_files -d");
  for (const OptionText& option : command.options) {
    const Words choices = choices_of(option.argument);
    if (choices.empty() || option.names.empty()) continue;
    add(fmt::format("{}", fmt::join(option.names, "|")),
        fmt::format("_buddy_words '{}'", fmt::join(choices, " ")));
  }
  add(pattern_of(command,
                 [](const OptionText& option) {
                   return !option.argument.empty() && !is_file(option) && !is_folder(option) &&
                          choices_of(option.argument).empty();
                 }),
      ":");
  return text;
}

/// What bash does where a word of \p command begins.
std::string bash_words(const CommandText& command) {
  Words words;
  std::string more;
  for (const CommandText& part : command.parts) words.push_back(last_word(part));
  for (const OptionText& option : command.options) {
    if (!option.names.empty()) continue;
    if (is_file(option)) return "_buddy_files -f";
    if (option.argument == "WORKLOAD") more += " $(_buddy_workloads)";
    const Words choices = choices_of(option.argument);
    words.insert(words.end(), choices.begin(), choices.end());
  }
  if (command.name == "buddy bench") words.emplace_back("paper");
  return fmt::format("_buddy_words \"{}{}\"", fmt::join(words, " "), more);
}

std::string bash_command(const CommandText& command) {
  Words options;
  for (const OptionText& option : command.options) {
    options.insert(options.end(), option.names.begin(), option.names.end());
  }
  const std::string arguments = bash_arguments(command);
  const std::string theirs = command.name.starts_with("buddy bench") ? " $(_buddy_theirs)" : "";
  return fmt::format(
      "    '{}')\n{}      if [[ $cur == -* ]]; then _buddy_words \"{}{}\"\n"
      "      else {}; fi ;;\n",
      words_of(command),
      arguments.empty() ? "" : "      case $prev in\n" + arguments + "      esac\n",
      fmt::join(options, " "), theirs, bash_words(command));
}

constexpr std::string_view bash_functions = R"bash(
# Words and files that begin like the one that is typed.
_buddy_words() {
  local IFS=$' \t\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_buddy_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}

# Workloads are programs beside the command; those of Buddy say which options they take.
_buddy_folder() {
  local path
  path=$(type -P "${COMP_WORDS[0]}") && path=$(readlink -f "$path") && echo "${path%/*}"
}
_buddy_workloads() {
  local program
  for program in "$(_buddy_folder)"/buddy-*; do
    [[ -x $program ]] && echo "${program##*/buddy-}"
  done
}
_buddy_theirs() {
  local word folder
  folder=$(_buddy_folder)
  for word in "${COMP_WORDS[@]}"; do
    [[ $_buddy_own == *" $word "* && -x $folder/buddy-$word ]] || continue
    "$folder/buddy-$word" --list-options 2>/dev/null </dev/null | cut -d' ' -f1
  done
}

_buddy() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      # The program, then its own words.
      _buddy_files -f
      [[ $prev == -- && $cur != */* ]] && COMPREPLY+=($(compgen -c -- "$cur"))
      return
    fi
    case "$command $word" in
)bash";

/// A text for zsh, in '...[...]' of _arguments.
std::string zsh_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\'') {
      safe += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      safe += '\\';
      safe += c;
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string zsh_action(const OptionText& option) {
  if (option.argument.empty()) return {};
  std::string action = " ";
  const Words choices = choices_of(option.argument);
  if (is_file(option)) action = "_files";
  if (is_folder(option)) action = "_files -/";
  if (option.argument == "WORKLOAD") action = "_buddy_workloads";
  if (!choices.empty()) action = fmt::format("({})", fmt::join(choices, " "));
  return fmt::format(":{}:{}", zsh_text(option.argument), action);
}

std::string zsh_option(const OptionText& option) {
  if (option.names.empty()) return fmt::format("'*{}'", zsh_action(option));
  const std::string rest = fmt::format("[{}]{}", zsh_text(option.description), zsh_action(option));
  if (option.names.size() == 1) return fmt::format("'{}{}'", option.names.front(), rest);
  return fmt::format("'({})'{{{}}}'{}'", fmt::join(option.names, " "), fmt::join(option.names, ","),
                     rest);
}

std::string zsh_function_name(const CommandText& command) {
  std::string name = "_" + command.name;
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name;
}

std::string zsh_function(const CommandText& command) {
  std::string text = fmt::format("{}() {{\n", zsh_function_name(command));
  if (!command.parts.empty()) {
    text += "  if (( CURRENT > 2 )); then\n    case $words[2] in\n";
    for (const CommandText& part : command.parts) {
      text += fmt::format("      {}) shift words; (( CURRENT-- )); {}; return ;;\n",
                          last_word(part), zsh_function_name(part));
    }
    text += "    esac\n  fi\n";
    text += "  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then\n    local -a parts=(\n";
    for (const CommandText& part : command.parts) {
      text += fmt::format("      '{}:{}'\n", last_word(part), zsh_text(part.description));
    }
    text += "    )\n    _describe command parts\n  fi\n";
  }
  text += "  _arguments";
  for (const OptionText& option : command.options) text += " \\\n    " + zsh_option(option);
  if (command.name == "buddy run" || command.name == "buddy profile") {
    text += " \\\n    '*:::program:_normal'";
  }
  return text + "\n}\n";
}

}  // namespace

std::string bash_completion(const CommandText& root) {
  std::string text = "# bash completion for buddy; made by `buddy completion bash`\n";
  text += fmt::format("_buddy_own='{}'\n", BUDDY_WORKLOADS);
  text += bash_functions;
  for (const CommandText& command : root.parts) {
    text += fmt::format("      ' {0}') command='{0}' ;;\n", words_of(command));
    for (const CommandText& part : command.parts) {
      text += fmt::format("      '{0}') command='{0}' ;;\n", words_of(part));
    }
  }
  text += "    esac\n  done\n  case $command in\n";
  for (const CommandText* command : all_commands(root)) text += bash_command(*command);
  return text + "  esac\n}\ncomplete -F _buddy buddy\n";
}

std::string zsh_completion(const CommandText& root) {
  std::string text =
      "#compdef buddy\n# zsh completion for buddy; made by `buddy completion zsh`\n\n"
      "# Workloads are programs beside the command.\n"
      "_buddy_workloads() {\n"
      "  local -a names=(${commands[buddy]:A:h}/buddy-*(N:t))\n"
      "  compadd -- ${names#buddy-} paper\n"
      "}\n";
  for (const CommandText* command : all_commands(root)) text += "\n" + zsh_function(*command);
  return text + "\n_buddy \"$@\"\n";
}

}  // namespace buddy::tools
