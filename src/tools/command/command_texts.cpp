#include "tools/command/command_texts.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace buddy::tools {
namespace {

OptionText text_of(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  const std::string type = option.get_type_name();
  // What follows a colon is how the library says which numbers are allowed.
  if (option.get_expected_max() > 0) text.argument = type.substr(0, type.find(':'));
  text.description = option.get_description();
  return text;
}

std::string usage_of(const CLI::App& app) {
  const auto formatter = std::dynamic_pointer_cast<CLI::Formatter>(app.get_formatter());
  std::string usage = formatter->make_usage(&app, app.get_name());
  const std::string before = "Usage: ";
  if (usage.starts_with(before)) usage.erase(0, before.size());
  while (usage.ends_with('\n')) usage.pop_back();
  return usage;
}

CommandText text_of(const CLI::App& app, const std::string& name) {
  CommandText text{.name = name,
                   .usage = usage_of(app),
                   .description = app.get_description(),
                   .footer = app.get_footer(),
                   .options = {},
                   .parts = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) text.options.push_back(text_of(*option));
  }
  for (const CLI::App* part : app.get_subcommands([](const CLI::App*) { return true; })) {
    text.parts.push_back(text_of(*part, name + " " + part->get_name()));
  }
  return text;
}

}  // namespace

CommandText texts_of(Parser root) { return text_of(root.app(), root.get_name()); }

std::vector<const CommandText*> all_commands(const CommandText& root) {
  std::vector<const CommandText*> all = {&root};
  for (const CommandText& part : root.parts) {
    const auto below = all_commands(part);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

}  // namespace buddy::tools
