// Times of minutes and hours, for people.
#pragma once

#include <string>

namespace buddy::tools {

/// "40 s", "12 min", "1.5 h".
std::string format_duration(double seconds);

}  // namespace buddy::tools
