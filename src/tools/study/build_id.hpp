// Which build of Buddy this is.
#pragma once

#include <string>

namespace buddy::tools {

/// What the linker says of this program's contents, in hexadecimal digits: the same for the same
/// code. Empty if it was linked without (--build-id). Source: elf(5), NT_GNU_BUILD_ID.
std::string build_id();

}  // namespace buddy::tools
