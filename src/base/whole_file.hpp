#pragma once

#include <optional>
#include <string>

namespace buddy {

/// All bytes of a file; nothing if it cannot be opened or a read fails, as that of a file in
/// /proc does once its process has gone (ESRCH). A stream's buffer would throw there. Any thread.
std::optional<std::string> read_whole_file(const std::string& path);

}  // namespace buddy
