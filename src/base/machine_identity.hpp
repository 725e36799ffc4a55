// What tells machines apart that do not share memory.
#pragma once

#include <string>

namespace buddy {

/// Boot and mount of /dev/shm: equal where mapping the other's file works.
std::string machine_identity();

}  // namespace buddy
