// Read before every source of src/comm: gives the public API default visibility in a library
// whose other symbols are hidden. A definition keeps the visibility of its first declaration.
#pragma once
#pragma GCC visibility push(default)
#include <buddy/buddy.hpp>
#pragma GCC visibility pop
