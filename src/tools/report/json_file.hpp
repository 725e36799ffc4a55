// JSON documents in files that a user named: whatever is there becomes a document or an error.
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {

/// What no document of ours comes near. Deeper ones would overflow the stack when they are copied.
inline constexpr std::size_t most_json_bytes = std::size_t{64} << 20;
inline constexpr int most_json_depth = 64;

/// The document in \p text. \param name of the file, for messages \param advice what to do about it
/// Errors: invalid_argument.
Result<Json> parse_json(std::string_view text, const std::string& name, std::string_view advice);

/// The document in a file or pipe. A pipe that nobody writes into counts as empty.
/// Errors: invalid_argument: no such file, a directory, too large, no JSON, nested too deeply.
Result<Json> read_json_file(const std::string& path, std::string_view advice);

/// A value in a message: "1e-320", "\"x86\"", "an object"; never more than a few words.
std::string shown(const Json& value);

/// \p status with the file that it is about in front.
Status in_file(const std::string& path, const Status& status);

}  // namespace buddy::tools
