#include "common/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>
#include <utility>

#include "common/program.hpp"

namespace workloads {

void Option::excludes(const Option& other) { option_->excludes(other.option_); }

CommandLine::CommandLine(const Texts& texts)
    : app_(std::make_unique<CLI::App>(texts.description, texts.program)) {
  app_->footer(texts.examples);
}

CommandLine::~CommandLine() = default;

Option CommandLine::add(const OptionTexts& texts, Setter set) {
  const auto take = [set = std::move(set), name = texts.name](const std::string& argument) {
    const std::string problem = set(argument);
    if (!problem.empty()) throw CLI::ValidationError(name, problem);
  };
  return Option(app_->add_option_function<std::string>(texts.name, take, texts.help)
                    ->type_name(texts.type)
                    ->default_str(texts.default_value));
}

void CommandLine::add_switch_off(const std::string& name, const std::string& help, bool& value) {
  app_->add_flag("!" + name, value, help);
}

std::optional<int> CommandLine::parse(int argc, char** argv, MPI_Comm comm) {
  try {
    app_->parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    if (comm_rank(comm) == 0) fmt::print("{}\n", app_->help());
    return 0;
  } catch (const CLI::ParseError& error) {
    if (comm_rank(comm) == 0) {
      const std::string_view path = argv[0];
      fmt::print(stderr, "{}: {} (see {} --help)\n", path.substr(path.rfind('/') + 1), error.what(),
                 path);
    }
    return 2;
  }
}

}  // namespace workloads
