#include "common/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "common/line_slips.hpp"
#include "common/program.hpp"

namespace workloads {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view list_word = "--list-options";
constexpr std::string_view check_word = "--check-options";

std::string_view first_argument(int argc, char** argv) { return argc > 1 ? argv[1] : ""; }

std::string name_of(const CLI::Option& option) { return "--" + option.get_lnames().front(); }

std::vector<KnownOption> known_options(const CLI::App& app) {
  std::vector<KnownOption> known;
  for (const CLI::Option* option : app.get_options()) {
    KnownOption& one = known.emplace_back(KnownOption{name_of(*option)});
    if (option->get_expected_max() > 0) one.type = option->get_type_name();
    for (const CLI::Option* other : option->get_excludes()) one.excludes.push_back(name_of(*other));
  }
  return known;
}

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

void CommandLine::add_check(std::function<std::string()> problem) {
  checks_.push_back(std::move(problem));
}

void CommandLine::add_file_check(std::function<std::string()> problem) {
  file_checks_.push_back(std::move(problem));
}

std::optional<int> CommandLine::parse(int argc, char** argv, MPI_Comm comm) {
  const bool asked = asks_about_options(argc, argv);
  if (asked && first_argument(argc, argv) == list_word) {
    list_options();
    return 0;
  }
  const bool speaks = asked || comm_rank(comm) == 0;
  const Words words(argv + (asked ? 2 : 1), argv + argc);
  const auto is_help = [](const std::string& word) { return word == "-h" || word == "--help"; };
  if (std::any_of(words.begin(), words.end(), is_help)) {
    if (speaks) fmt::print("{}\n", app_->help());
    return 0;
  }
  const std::string_view path = argv[0];
  const std::string problem = read(words, path, asked);
  if (problem.empty()) return asked ? std::optional(0) : std::nullopt;
  if (speaks) fmt::print(stderr, "{}: {}\n", path.substr(path.rfind('/') + 1), problem);
  return 2;
}

std::string CommandLine::read(const Words& words, std::string_view path, bool asked) {
  const std::string slip = find_slip(words, known_options(*app_), path);
  if (!slip.empty()) return slip;
  try {
    app_->parse(Words(words.rbegin(), words.rend()));  // backwards, as CLI11 wants them
  } catch (const CLI::ParseError& error) {
    return error.what();  // of our own making: slips are not left
  }
  std::string problem;
  for (const auto& check : checks_) problem = problem.empty() ? check() : problem;
  for (const auto& check : file_checks_) problem = problem.empty() && asked ? check() : problem;
  return problem;
}

void CommandLine::list_options() const {
  for (const KnownOption& option : known_options(*app_)) {
    fmt::print("{}{}{}\n", option.name, option.type.empty() ? "" : " ", option.type);
  }
}

}  // namespace workloads
