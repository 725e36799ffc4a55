// Options with a fixed set of names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/command_line.hpp"
#include "common/line_slips.hpp"
#include "common/report.hpp"

namespace workloads {

/// Adds an option that sets \p value to what its argument stands for; \p value must outlive the
/// parsing, and its present value is the default.
template <class T>
Option add_choice(CommandLine& app, const std::string& name,
                  const std::map<std::string, T>& choices, const std::string& help, T& value) {
  std::string names;
  std::string default_name;
  std::vector<std::string> candidates;
  for (const auto& [choice, meaning] : choices) {
    candidates.push_back(choice);
    names += (names.empty() ? "" : ", ") + choice;
    if (meaning == value) default_name = choice;
  }
  const auto set = [&value, choices, names, candidates](const std::string& text) -> std::string {
    const auto found = choices.find(text);
    if (found == choices.end()) {
      return "'" + text + "' is unknown (choices: " + names + ") " +
             advice(text, candidates, "use one of them");
    }
    value = found->second;
    return {};
  };
  return app.add({name, "NAME", help, default_name}, set);
}

/// The option --method, which all workloads have.
inline Option add_method(CommandLine& app, Method& method) {
  return add_choice<Method>(
      app, "--method", {{"buddy", Method::buddy}, {"alltoallv", Method::alltoallv}},
      "buddy: messages; alltoallv: bulk-synchronous exchange by MPI alone", method);
}

}  // namespace workloads
