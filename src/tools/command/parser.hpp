// Options of the commands. What parses them is a library whose headers take seconds to compile, so
// few files see them: this header's source and those that look at a whole command line.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace buddy::tools {

/// An option that was added: a handle, which what it is told returns again.
class Option {
 public:
  Option() = default;
  explicit Option(CLI::Option* option) noexcept : option_(option) {}

  Option type_name(const std::string& name);  ///< of its argument, as the help shows it
  Option description(const std::string& text);
  Option required();
  Option range(int least, int most);
  Option excludes(const Option& other);  ///< it is wrong to give both
  Option hidden();                       ///< the help does not show it
  bool given() const;                    ///< after parsing

 private:
  CLI::Option* option_ = nullptr;
};

/// The parser of one command: a handle. What options set must outlive the parsing.
class Parser {
 public:
  explicit Parser(CLI::App& app) noexcept : app_(&app) {}

  /// An option if \p name begins with dashes, else a word that stands for itself.
  Option add_option(const std::string& name, std::string& value, const std::string& help);
  Option add_option(const std::string& name, std::vector<std::string>& values,
                    const std::string& help);
  Option add_option(const std::string& name, int& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<int>& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<std::uint32_t>& value,
                    const std::string& help);
  /// \param take sets what the argument stands for, and returns what is wrong with it, or nothing
  Option add_option(const std::string& name, std::function<std::string(const std::string&)> take,
                    const std::string& help);
  Option add_flag(const std::string& name, bool& value, const std::string& help);
  Option get_option(const std::string& name);

  /// What the help ends with.
  void footer(const std::string& text);
  std::string get_name() const;
  bool parsed() const;
  CLI::App& app() const noexcept { return *app_; }

 private:
  CLI::App* app_;
};

}  // namespace buddy::tools
