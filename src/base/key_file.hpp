// A job's key in a file.
#pragma once

#include <string>

#include "base/job_key.hpp"

namespace buddy {

/// The key that stands on a line of standard input, for those who start this program with a pipe.
/// Reads no further than that line. Errors: invalid_argument
Result<JobKey> read_key_from_input();

/// The key in a file that holds 32 hex digits and nothing else but white space at the end.
/// Errors: invalid_argument if it cannot be read, if it is no regular file, if it belongs to
/// another user or if anybody else may read or write it, or if it holds something else. No message
/// shows what is in the file.
Result<JobKey> read_key_file(const std::string& path);

}  // namespace buddy
