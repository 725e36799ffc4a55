#include "common/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "common/nearest.hpp"
#include "common/program.hpp"

namespace workloads {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view list_word = "--list-options";
constexpr std::string_view check_word = "--check-options";

std::string_view first_argument(int argc, char** argv) { return argc > 1 ? argv[1] : ""; }

std::string name_of(const CLI::Option& option) { return "--" + option.get_lnames().front(); }

}  // namespace

bool asks_about_options(int argc, char** argv) {
  const std::string_view first = first_argument(argc, argv);
  return first == list_word || first == check_word;
}

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
  const bool asked = asks_about_options(argc, argv);
  if (asked && first_argument(argc, argv) == list_word) {
    list_options();
    return 0;
  }
  const bool speaks = asked || comm_rank(comm) == 0;
  Words backwards;  // as CLI11 wants them
  for (int i = argc - 1; i >= (asked ? 2 : 1); --i) backwards.emplace_back(argv[i]);
  try {
    app_->parse(backwards);
    return asked ? std::optional(0) : std::nullopt;
  } catch (const CLI::CallForHelp&) {
    if (speaks) fmt::print("{}\n", app_->help());
    return 0;
  } catch (const CLI::ParseError& error) {
    if (speaks) {
      const std::string_view path = argv[0];
      fmt::print(stderr, "{}: {}\n", path.substr(path.rfind('/') + 1), explain(error, path));
    }
    return 2;
  }
}

std::string CommandLine::explain(const CLI::ParseError& error, std::string_view path) const {
  const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error);
  const Words unknown = extras != nullptr ? app_->remaining() : Words{};
  if (unknown.empty() || !unknown.front().starts_with('-')) {
    return fmt::format("{} (see {} --help)", error.what(), path);
  }
  Words names;
  for (const CLI::Option* option : app_->get_options()) names.push_back(name_of(*option));
  const std::string name = unknown.front().substr(0, unknown.front().find('='));
  const std::string meant = nearest(name, names);
  return fmt::format("there is no option '{}' (see {} --help) {}", name, path,
                     meant.empty() ? "leave it out" : fmt::format("did you mean '{}'?", meant));
}

void CommandLine::list_options() const {
  for (const CLI::Option* option : app_->get_options()) {
    if (option->get_expected_max() == 0) {
      fmt::print("{}\n", name_of(*option));
    } else {
      fmt::print("{} {}\n", name_of(*option), option->get_type_name());
    }
  }
}

}  // namespace workloads
