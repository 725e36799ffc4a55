// Which build of Buddy this is.
#pragma once

#include <string>

namespace buddy::tools {

/// What the linker says of a program's or library's contents, in hexadecimal digits: the same for
/// the same code. Empty if it was linked without (--build-id), or is none. Source: elf(5),
/// NT_GNU_BUILD_ID.
std::string build_id_of(const std::string& file);

/// The same of all that a study's figures depend on: Buddy's command and workloads in \p folder,
/// and Buddy's libraries beside that folder. Empty if the command's is not known.
std::string build_id(const std::string& folder);

}  // namespace buddy::tools
