// Files that a rank writes for the command, which is perhaps on another machine.
#pragma once

#include <string>
#include <vector>

#include "launch/report/report_message.hpp"

namespace buddy::launch {

/// Names of the environment variables that name them.
inline constexpr const char* result_variable = "BUDDY_RESULT_FILE";
inline constexpr const char* profile_variable = "BUDDY_PROFILE_DIR";

/// Makes places for what the command wants below \p folder, and points this process's environment
/// at them: what it starts writes there.
void place_files(const report::Welcome& welcome, const std::string& folder);
/// What has been written there.
std::vector<report::File> written_files(const std::string& folder);

}  // namespace buddy::launch
