#include "tools/command/parser.hpp"

#include <CLI/CLI.hpp>
#include <utility>

namespace buddy::tools {

Option Option::type_name(const std::string& name) { return Option(option_->type_name(name)); }
Option Option::description(const std::string& text) { return Option(option_->description(text)); }
Option Option::required() { return Option(option_->required()); }
Option Option::range(int least, int most) {
  return Option(option_->check(CLI::Range(least, most)));
}
Option Option::excludes(const Option& other) { return Option(option_->excludes(other.option_)); }
Option Option::hidden() { return Option(option_->group("")); }
bool Option::given() const { return option_->count() > 0; }

/// `--json "$UNSET"` is a slip: nothing would be written.
Option Parser::add_option(const std::string& name, std::string& value, const std::string& help) {
  const auto is_given = [](const std::string& argument) {
    return argument.empty() ? std::string("the argument is empty") : std::string();
  };
  return Option(app_->add_option(name, value, help)->check(is_given));
}
Option Parser::add_option(const std::string& name, std::vector<std::string>& values,
                          const std::string& help) {
  return Option(app_->add_option(name, values, help));
}
Option Parser::add_option(const std::string& name, int& value, const std::string& help) {
  return Option(app_->add_option(name, value, help));
}
Option Parser::add_option(const std::string& name, std::optional<int>& value,
                          const std::string& help) {
  return Option(app_->add_option(name, value, help));
}
Option Parser::add_option(const std::string& name, std::optional<std::uint32_t>& value,
                          const std::string& help) {
  return Option(app_->add_option(name, value, help));
}
Option Parser::add_option(const std::string& name,
                          std::function<std::string(const std::string&)> take,
                          const std::string& help) {
  const auto set = [take = std::move(take)](const std::string& argument) {
    const std::string problem = take(argument);
    if (!problem.empty()) throw CLI::ValidationError(problem);
  };
  return Option(app_->add_option_function<std::string>(name, set, help));
}
Option Parser::add_flag(const std::string& name, bool& value, const std::string& help) {
  return Option(app_->add_flag(name, value, help));
}
Option Parser::get_option(const std::string& name) { return Option(app_->get_option(name)); }

void Parser::footer(const std::string& text) { app_->footer(text); }
std::string Parser::get_name() const { return app_->get_name(); }
bool Parser::parsed() const { return app_->parsed(); }

}  // namespace buddy::tools
