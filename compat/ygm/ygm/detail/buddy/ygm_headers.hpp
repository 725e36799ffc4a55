// What programs and YGM's own headers expect to come with <ygm/comm.hpp>, where YGM is installed.
#pragma once

#include <algorithm>
#include <buddy/detail/mpi.hpp>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#if __has_include(<ygm/detail/mpi.hpp>)
#include <ygm/detail/mpi.hpp>
#if __has_include(<ygm/detail/byte_vector.hpp>)
#include <ygm/detail/byte_vector.hpp>
#endif
#if __has_include(<ygm/detail/lambda_compliance.hpp>)
#include <ygm/detail/lambda_compliance.hpp>
#endif
#if __has_include(<ygm/detail/meta/functional.hpp>)
#include <ygm/detail/meta/functional.hpp>
#endif
#if __has_include(<ygm/detail/ygm_cereal_archive.hpp>)
#include <ygm/detail/ygm_cereal_archive.hpp>
#endif
#if __has_include(<ygm/utility/world.hpp>)
#include <ygm/utility/world.hpp>
#endif
#if __has_include(<ygm/version.hpp>)
#include <ygm/version.hpp>
#endif
#else

// A program that uses ygm::comm alone still finds YGM's assertions.
#define YGM_ASSERT_RELEASE(expression)                                                            \
  (static_cast<bool>(expression)                                                                  \
       ? void(0)                                                                                  \
       : throw std::runtime_error(std::string(__FILE__) + ":" + std::to_string(__LINE__) + ": " + \
                                  #expression + " does not hold"))
#define YGM_ASSERT_DEBUG(expression) assert(expression)
#define YGM_ASSERT_MPI(call) YGM_ASSERT_RELEASE((call) == MPI_SUCCESS)
#endif
