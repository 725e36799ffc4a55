// Files that a user named, for what a command writes. Whoever looks sees the old file or the whole
// new one: nothing is overwritten by something that is cut off or empty.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace buddy::tools {

/// A file to write, and what to do if that does not work: "choose another file after --json".
struct OutputFile {
  std::string path;  ///< "-" and "/dev/stdout" are stdout
  std::string_view advice;

  /// Fails early if nothing can be written; makes and changes nothing. Errors: system.
  Status check() const;

  /// Writes \p parts one after the other. A regular file is replaced as a whole, with the mode that
  /// it had, after the new one is on the disk; behind symbolic links the file that they lead to.
  /// Pipes, devices and descriptors (/dev/fd/3) are written into as they are. What goes to stdout
  /// is checked when the command ends (command/checked_streams.hpp).
  /// Errors: system; a regular file is untouched then, and nothing else is left behind.
  Status write(std::span<const std::string_view> parts) const;
  Status write(std::string_view text) const { return write({&text, 1}); }

  bool is_stdout() const;
};

}  // namespace buddy::tools
