// Read before every source: gives what convey.h declares default visibility in a library whose
// other symbols are hidden. A definition keeps the visibility of its first declaration.
#pragma once
#pragma GCC visibility push(default)
#define BUDDY_CONVEY_LIBRARY  // as functions, which the library defines
#include <convey.h>

#include <buddy/buddy.hpp>
#pragma GCC visibility pop
