// Files that are no matrices, told by their first bytes.
#pragma once

#include <string>

namespace workloads {

/// Throws InputError if the file, or what gzip has compressed in it, is an archive or is compressed
/// by something else; the message says how to unpack it. Errors: those of ByteSource, too.
void refuse_other_files(const std::string& path);

}  // namespace workloads
