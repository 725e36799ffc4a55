// buddy help, completion and man: what the other commands say about themselves, in other forms.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "tools/command/command.hpp"
#include "tools/command/command_texts.hpp"
#include "tools/command/completion.hpp"
#include "tools/command/man_page.hpp"
#include "tools/command/nearest.hpp"
#include "tools/report/output_file.hpp"

namespace buddy::tools {
namespace {

struct CompletionOptions {
  std::string shell;
  std::string output = "-";
};

int print_completion(const CompletionOptions& options, const CommandText& root) {
  if (options.shell != "bash" && options.shell != "zsh") {
    return complain("completion",
                    fmt::format("there is no completion for '{}' (bash and zsh are known) choose "
                                "one of them",
                                options.shell),
                    usage_error);
  }
  const OutputFile file{options.output, "choose another file after --output"};
  const Status written =
      file.write(options.shell == "bash" ? bash_completion(root) : zsh_completion(root));
  return written.ok() ? 0 : complain("completion", written.message());
}

struct ManOptions {
  std::vector<std::string> command;
  std::string folder;
};

int write_pages(const std::string& folder, const CommandText& root) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const CommandText* command : all_commands(root)) {
    const OutputFile file{folder + "/" + page_name(*command) + ".1",
                          "choose another folder after --folder"};
    const Status written = file.write(man_page(*command));
    if (!written.ok()) return complain("man", written.message());
  }
  return 0;
}

int print_page(const std::vector<std::string>& words, const CommandText& root) {
  const std::string wanted = fmt::format("{}", fmt::join(words, " "));
  std::vector<std::string> names;
  for (const CommandText* command : all_commands(root)) {
    const std::string name = command == &root ? "" : command->name.substr(root.name.size() + 1);
    if (name == wanted) {
      fmt::print("{}", man_page(*command));
      return 0;
    }
    names.push_back(name);
  }
  return complain("man",
                  fmt::format("there is no command '{}' (see those that exist: buddy --help) {}",
                              wanted, advice(wanted, names, "choose one of them")),
                  usage_error);
}

}  // namespace

Command add_help_command(Parser parent) {
  auto words = std::make_shared<std::vector<std::string>>();
  Parser app = add_command(parent, {.name = "help",
                                    .usage = "buddy help [COMMAND]",
                                    .description = "what a command does, like its --help"});
  app.add_option("command", *words, "command, like run or bench dca (default: buddy itself)")
      .type_name("COMMAND");
  app.footer("Example:\n  buddy help bench");
  // The words were turned into "COMMAND --help" before the line was parsed.
  return {app, [words](const ExtraWords&) { return 0; }};
}

Command add_completion_command(Parser parent) {
  auto options = std::make_shared<CompletionOptions>();
  Parser app = add_command(parent, {.name = "completion",
                                    .usage = "buddy completion SHELL [--output FILE]",
                                    .description = "a script that completes words in a shell"});
  app.add_option("shell", options->shell, "bash or zsh").required().type_name("SHELL");
  app.add_option("--output", options->output, "where the script goes (default: stdout)")
      .type_name("FILE");
  app.footer(
      "An installed Buddy has them in share/bash-completion and share/zsh.\n"
      "Example: for this shell\n"
      "  source <(buddy completion bash)");
  return {app, [options, parent](const ExtraWords&) {
            return print_completion(*options, texts_of(parent));
          }};
}

Command add_man_command(Parser parent) {
  auto options = std::make_shared<ManOptions>();
  Parser app = add_command(parent, {.name = "man",
                                    .usage = "buddy man [COMMAND] [--folder DIR]",
                                    .description = "the man page of a command, for man -l"});
  app.add_option("command", options->command, "command, like run or bench dca (default: buddy)")
      .type_name("COMMAND");
  app.add_option("--folder", options->folder, "where the pages of all commands go instead")
      .type_name("DIR");
  app.footer(
      "An installed Buddy has the pages in share/man.\n"
      "Example:\n"
      "  buddy man run | man -l -");
  return {app, [options, parent](const ExtraWords&) {
            const CommandText root = texts_of(parent);
            return options->folder.empty() ? print_page(options->command, root)
                                           : write_pages(options->folder, root);
          }};
}

}  // namespace buddy::tools
