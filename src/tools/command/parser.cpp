#include "tools/command/parser.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <type_traits>
#include <utility>

namespace buddy::tools {
namespace {

template <class T>
std::optional<T> whole_number(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// What is wrong with the argument of an option that takes a T.
template <class T>
std::string check_number(const std::string& text) {
  if (whole_number<T>(text)) return {};
  return fmt::format("'{}' is not a whole number (this option takes {}) write it like 2", text,
                     std::is_signed_v<T> ? "one" : "one that is not negative");
}

}  // namespace

Option Option::type_name(const std::string& name) { return Option(option_->type_name(name)); }
Option Option::description(const std::string& text) { return Option(option_->description(text)); }
Option Option::required() { return Option(option_->required()); }
Option Option::range(int least, int most) {
  const auto in_range = [least, most](const std::string& text) {
    const auto number = whole_number<int>(text);
    return number && *number >= least && *number <= most
               ? std::string()
               : fmt::format("{} is out of range (it must be {} to {}) choose another value", text,
                             least, most);
  };
  return Option(option_->check(in_range));
}
Option Option::excludes(const Option& other) { return Option(option_->excludes(other.option_)); }
Option Option::hidden() { return Option(option_->group("")); }
bool Option::given() const { return option_->count() > 0; }

/// `--json "$UNSET"` is a slip: nothing would be written.
Option Parser::add_option(const std::string& name, std::string& value, const std::string& help) {
  const auto is_given = [](const std::string& argument) {
    return argument.empty()
               ? std::string("the argument is empty (a variable may not be set) give one")
               : std::string();
  };
  return Option(app_->add_option(name, value, help)->check(is_given));
}
Option Parser::add_option(const std::string& name, std::vector<std::string>& values,
                          const std::string& help) {
  return Option(app_->add_option(name, values, help));
}
Option Parser::add_option(const std::string& name, int& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(check_number<int>));
}
Option Parser::add_option(const std::string& name, std::optional<int>& value,
                          const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(check_number<int>));
}
Option Parser::add_option(const std::string& name, std::optional<std::uint32_t>& value,
                          const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(check_number<std::uint32_t>));
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
