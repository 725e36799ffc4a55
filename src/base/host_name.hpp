// This machine's name.
#pragma once

#include <string>

namespace buddy {

/// As gethostname() has it.
std::string host_name();

}  // namespace buddy
