// Everything a program needs: #include <buddy/buddy.hpp>.
#pragma once

#include <buddy/comm.hpp>      // IWYU pragma: export
#include <buddy/error.hpp>     // IWYU pragma: export
#include <buddy/handle.hpp>    // IWYU pragma: export
#include <buddy/prefetch.hpp>  // IWYU pragma: export
#include <buddy/region.hpp>    // IWYU pragma: export
#include <buddy/stats.hpp>     // IWYU pragma: export
