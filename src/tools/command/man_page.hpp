// Man pages, made from the texts of --help.
#pragma once

#include <string>

#include "tools/command/command_texts.hpp"

namespace buddy::tools {

/// Name of a command's page: "buddy-bench-dca".
std::string page_name(const CommandText& command);

/// The page in roff, for `man -l`.
std::string man_page(const CommandText& command);

/// The page of a workload. \param name "buddy-bfs" \param help what it says about itself
std::string workload_page(const std::string& name, const std::string& help);

}  // namespace buddy::tools
