#include "tools/command/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <buddy_config.hpp>
#include <cctype>
#include <sstream>

namespace buddy::tools {
namespace {

/// Text as roff shows it: a hyphen stays one that can be typed again.
std::string escaped(const std::string& text) {
  std::string roff;
  for (const char c : text) {
    switch (c) {
      case '\\': roff += "\\e"; break;
      case '-': roff += "\\-"; break;
      case '\'': roff += "\\(aq"; break;
      case '`': roff += "\\(ga"; break;
      default: roff += c;
    }
  }
  return roff.starts_with('.') ? "\\&" + roff : roff;
}

std::string names_of(const OptionText& option) {
  std::string names;
  for (const std::string& name : option.names) {
    names += fmt::format("{}\\fB{}\\fR", names.empty() ? "" : ", ", escaped(name));
  }
  if (option.argument.empty()) return names;
  return fmt::format("{}{}\\fI{}\\fR", names, names.empty() ? "" : " ", escaped(option.argument));
}

/// The end of the help, line by line: indented lines are examples to type.
std::string footer_of(const std::string& footer) {
  std::string roff = ".nf\n";
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) roff += escaped(line) + '\n';
  return roff + ".fi\n";
}

std::string see_also(const CommandText& command) {
  std::string names;
  for (const CommandText& part : command.parts) {
    names += fmt::format("{}\\fB{}\\fR(1)", names.empty() ? "" : ", ", escaped(page_name(part)));
  }
  return names.empty() ? "\\fBbuddy\\fR(1)" : names;
}

std::string beginning(const std::string& name, const std::string& description) {
  std::string title = name;
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return fmt::format(
      ".TH {} 1 \"\" \"Buddy {}\" \"Buddy\"\n"
      ".SH NAME\n{} \\- {}\n",
      title, BUDDY_VERSION, escaped(name), escaped(description));
}

}  // namespace

std::string page_name(const CommandText& command) {
  std::string name = command.name;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string man_page(const CommandText& command) {
  std::string page = beginning(page_name(command), command.description);
  page += fmt::format(".SH SYNOPSIS\n\\fB{}\\fR\n", escaped(command.usage));
  if (!command.parts.empty()) page += ".SH COMMANDS\n";
  for (const CommandText& part : command.parts) {
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(part.name), escaped(part.description));
  }
  page += ".SH OPTIONS\n";
  for (const OptionText& option : command.options) {
    page += fmt::format(".TP\n{}\n{}\n", names_of(option), escaped(option.description));
  }
  if (!command.footer.empty()) page += ".SH NOTES\n" + footer_of(command.footer);
  return page + fmt::format(".SH SEE ALSO\n{}\n", see_also(command));
}

std::string workload_page(const std::string& name, const std::string& help) {
  const std::size_t end = std::min({help.find(": "), help.find(".\n"), help.find('\n')});
  return beginning(name, help.substr(0, end)) + ".SH DESCRIPTION\n" + footer_of(help) +
         ".SH SEE ALSO\n\\fBbuddy\\-bench\\fR(1), \\fBbuddy\\-run\\fR(1)\n";
}

}  // namespace buddy::tools
