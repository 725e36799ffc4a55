// MPI in a test program without ranks: collectives over one rank.
#pragma once

#include <gtest/gtest.h>

namespace workloads::testing {

/// Base of tests that call MPI; MPI_COMM_SELF is theirs. MPI is finalised when all tests are done.
class MpiAlone : public ::testing::Test {
 protected:
  static void SetUpTestSuite();  // NOLINT(readability-identifier-naming): GoogleTest's name
};

}  // namespace workloads::testing
