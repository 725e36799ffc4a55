// Files that name the machines of a job. Format: docs/formats/host_file.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace buddy::launch {

/// A machine as the user named it.
struct HostEntry {
  std::string name;
  std::optional<int> slots{};  ///< ranks that it takes
};

/// One host a line: `NAME [slots=N]`; `#` begins a comment. \param file for messages
/// Errors: invalid_argument naming the line: nothing in it, a word that means nothing, a name that
/// is there twice.
Result<std::vector<HostEntry>> parse_host_file(std::string_view text, const std::string& file);
/// The same of a file. Errors: also one that cannot be read.
Result<std::vector<HostEntry>> read_host_file(const std::string& file);

/// A line that is not empty, without its comment, as words.
struct FileLine {
  int number = 0;  ///< from 1
  std::vector<std::string_view> words;
};
std::vector<FileLine> words_of_lines(std::string_view text);

/// What can be a name of a machine, or an address of one. Others would be options of a launcher.
bool is_host_name(std::string_view name);

/// Machines and how many ranks each gets, in order: rank numbers follow the machines.
struct HostShare {
  std::string name;
  int first_rank = 0;
  int ranks = 0;
};

/// Machines with slots are filled in order; what is left is split evenly among those without.
/// Machines that get no rank are left out.
/// \param ranks if not given: the slots of each machine, and one rank where there are none
/// Errors: invalid_argument: more ranks than slots, where all machines have some.
Result<std::vector<HostShare>> share_ranks(const std::vector<HostEntry>& hosts,
                                           std::optional<int> ranks, const std::string& file);

}  // namespace buddy::launch
