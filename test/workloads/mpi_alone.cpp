#include "workloads/mpi_alone.hpp"

#include <mpi.h>

namespace workloads::testing {
namespace {

class Finalizer : public ::testing::Environment {
 public:
  void TearDown() override {  // NOLINT(readability-identifier-naming): GoogleTest's name
    int initialized = 0;
    MPI_Initialized(&initialized);
    if (initialized != 0) MPI_Finalize();
  }
};

const auto* const finalizer = ::testing::AddGlobalTestEnvironment(new Finalizer);

}  // namespace

void MpiAlone::SetUpTestSuite() {
  ASSERT_NE(finalizer, nullptr);
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized == 0) MPI_Init(nullptr, nullptr);
}

}  // namespace workloads::testing
