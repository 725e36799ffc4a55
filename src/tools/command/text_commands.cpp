// buddy help, completion and man: what the other commands say about themselves, in other forms.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "launch/process/process.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/bench/workload_options.hpp"
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
  static const std::vector<std::string> shells = {"bash", "zsh"};
  const std::string unknown = check_choice("completion for", options.shell, shells);
  if (!unknown.empty()) return complain("completion", unknown, usage_error);
  const OutputFile file{options.output, "choose another file after --output"};
  const Status written =
      file.write(options.shell == "bash" ? bash_completion(root) : zsh_completion(root));
  return written.ok() ? 0 : complain("completion", written.message());
}

struct ManOptions {
  std::vector<std::string> command;
  std::string folder;
};

struct ManPage {
  std::string command;  ///< what is typed after "buddy man"
  std::string name;     ///< "buddy-bench-dca"
  std::string text;
};

/// Of all commands, and of Buddy's own workloads that are there.
Result<std::vector<ManPage>> all_pages(const CommandText& root) {
  std::vector<ManPage> pages;
  for (const CommandText* command : all_commands(root)) {
    const std::string typed = command == &root ? "" : command->name.substr(root.name.size() + 1);
    pages.push_back({typed, page_name(*command), man_page(*command)});
  }
  const auto folder = std::filesystem::path(launch::self_path()).parent_path().native();
  for (const std::string& workload : list_workloads(folder)) {
    if (!is_own_workload(workload)) continue;
    const std::string name = "buddy-" + workload;
    const auto help = help_of_workload(folder + "/" + name);
    if (!help.ok()) return help.status();
    pages.push_back({workload, name, workload_page(name, help.value())});
  }
  return pages;
}

int write_pages(const std::string& folder, const std::vector<ManPage>& pages) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);  // but none above it
  for (const ManPage& page : pages) {
    const OutputFile file{folder + "/" + page.name + ".1", "choose another folder after --folder"};
    const Status written = file.write(page.text);
    if (!written.ok()) return complain("man", written.message());
  }
  return 0;
}

int print_page(const std::vector<std::string>& words, const std::vector<ManPage>& pages) {
  const std::string wanted = fmt::format("{}", fmt::join(words, " "));
  std::vector<std::string> names;
  for (const ManPage& page : pages) {
    if (page.command == wanted || page.name == wanted) {
      fmt::print("{}", page.text);
      return 0;
    }
    names.push_back(page.command);
  }
  return complain("man",
                  fmt::format("there is no command '{}' (see those that exist: buddy --help) {}",
                              wanted, advice(wanted, names, "choose one of them")),
                  usage_error);
}

int run_man(const ManOptions& options, const CommandText& root) {
  if (!options.command.empty() && !options.folder.empty()) {
    return complain("man",
                    fmt::format("'{}' is too much (--folder takes the pages of all commands) leave "
                                "it out",
                                options.command.front()),
                    usage_error);
  }
  const auto pages = all_pages(root);
  if (!pages.ok()) return complain("man", pages.status().message());
  return options.folder.empty() ? print_page(options.command, pages.value())
                                : write_pages(options.folder, pages.value());
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
  app.add_option("command", options->command,
                 "command or workload, like run, bench dca or bfs (default: buddy)")
      .type_name("COMMAND");
  app.add_option("--folder", options->folder,
                 "where the pages of all commands and workloads go instead")
      .type_name("DIR");
  app.footer(
      "An installed Buddy has the pages in share/man.\n"
      "Example:\n"
      "  buddy man run | man -l -");
  return {app,
          [options, parent](const ExtraWords&) { return run_man(*options, texts_of(parent)); }};
}

}  // namespace buddy::tools
