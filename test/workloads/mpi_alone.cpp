#include "workloads/mpi_alone.hpp"

#include <mpi.h>

#include <cstdlib>
#include <memory>

#include "support/scratch.hpp"

namespace workloads::testing {
namespace {

/// Open MPI's session files. In the folder that all programs of a user share, one that ends can
/// remove what another has just made.
std::unique_ptr<buddy::test::Scratch> session_folder;

class Finalizer : public ::testing::Environment {
 public:
  void TearDown() override {  // NOLINT(readability-identifier-naming): GoogleTest's name
    int initialized = 0;
    MPI_Initialized(&initialized);
    if (initialized != 0) MPI_Finalize();
    session_folder.reset();
  }
};

const auto* const finalizer = ::testing::AddGlobalTestEnvironment(new Finalizer);

}  // namespace

void MpiAlone::SetUpTestSuite() {
  ASSERT_NE(finalizer, nullptr);
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized != 0) return;
  session_folder = std::make_unique<buddy::test::Scratch>();
  ASSERT_EQ(::setenv("OMPI_MCA_orte_tmpdir_base", session_folder->path().c_str(), 1), 0);
  MPI_Init(nullptr, nullptr);
}

}  // namespace workloads::testing
