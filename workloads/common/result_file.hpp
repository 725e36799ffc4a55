// The file that BUDDY_RESULT_FILE names.
#pragma once

#include <string>

namespace workloads {

/// Writes \p text to \p path. A regular file is replaced as a whole: a full disk leaves the old
/// one. \return why it could not, or nothing
std::string write_result(const std::string& path, const std::string& text);

}  // namespace workloads
