// Options with a fixed set of names.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "common/report.hpp"

namespace workloads {

/// Adds an option that sets \p value to what its argument stands for; \p value must outlive the
/// parsing, and its present value is the default.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name,
                        const std::map<std::string, T>& choices, const std::string& help,
                        T& value) {
  std::vector<std::string> names;
  std::string default_name;
  for (const auto& [choice, meaning] : choices) {
    names.push_back(choice);
    if (meaning == value) default_name = choice;
  }
  const auto set = [&value, choices, names, name](const std::string& text) {
    const auto found = choices.find(text);
    if (found == choices.end()) {
      throw CLI::ValidationError(name, fmt::format("'{}' is unknown (choices: {}) use one of them",
                                                   text, fmt::join(names, ", ")));
    }
    value = found->second;
  };
  return app.add_option_function<std::string>(name, set, help)
      ->type_name("NAME")
      ->default_str(default_name);
}

/// The option --method, which all workloads have.
inline CLI::Option* add_method(CLI::App& app, Method& method) {
  return add_choice<Method>(
      app, "--method", {{"buddy", Method::buddy}, {"alltoallv", Method::alltoallv}},
      "buddy: messages; alltoallv: bulk-synchronous exchange by MPI alone", method);
}

}  // namespace workloads
