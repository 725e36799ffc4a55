#include "comm/bootstrap/mpi_life.hpp"

#include <utility>

#include "base/standard_streams.hpp"

namespace buddy::comm {
namespace {

bool is_initialised() {
  int yes = 0;
  MPI_Initialized(&yes);
  return yes != 0;
}

bool is_finalised() {
  int yes = 0;
  MPI_Finalized(&yes);
  return yes != 0;
}

Status invalid(const char* message) { return {ErrorCode::invalid_argument, message}; }

Status check_thread() {
  int provided = MPI_THREAD_SINGLE;
  MPI_Query_thread(&provided);
  int is_main = 0;
  MPI_Is_thread_main(&is_main);
  if (is_main != 0 || provided >= MPI_THREAD_SERIALIZED) return {};
  return invalid(
      "a communicator on another thread than the one that initialised MPI (MPI was asked for less "
      "than MPI_THREAD_SERIALIZED) call MPI_Init_thread with MPI_THREAD_MULTIPLE");
}

}  // namespace

bool initialise_mpi(int* argc, char*** argv) {
  if (is_initialised()) return false;
  fill_standard_streams();  // or MPI and Buddy open files in their place
  MPI_Init(argc, argv);
  return true;
}

void finalise_mpi() {
  if (!is_finalised()) MPI_Finalize();
}

Status check_parent(MPI_Comm parent) {
  if (!is_initialised()) {
    return invalid(
        "a communicator before MPI_Init (Comm(MPI_Comm) does not initialise MPI) call MPI_Init, or "
        "make a Comm(&argc, &argv)");
  }
  if (is_finalised()) {
    return invalid(
        "a communicator after MPI_Finalize (MPI cannot be started again) make it before that");
  }
  if (Status status = check_thread(); !status.ok()) return status;
  if (parent == MPI_COMM_NULL) {
    return invalid(
        "a communicator from MPI_COMM_NULL (this rank is in none of the groups that "
        "MPI_Comm_split or MPI_Comm_create made) make it on the ranks of the group only");
  }
  int two_groups = 0;
  MPI_Comm_test_inter(parent, &two_groups);
  if (two_groups != 0) {
    return invalid(
        "a communicator from an MPI intercommunicator (its two groups have a rank 0 each) use "
        "MPI_Intercomm_merge first");
  }
  return {};
}

BeforeFinalize::BeforeFinalize(std::function<void()> callback) : callback_(std::move(callback)) {
  MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, on_delete, &key_, nullptr);
  MPI_Comm_set_attr(MPI_COMM_SELF, key_, this);
}

BeforeFinalize::~BeforeFinalize() {
  if (is_finalised()) return;  // MPI has given the key back
  if (std::exchange(waiting_, false)) MPI_Comm_delete_attr(MPI_COMM_SELF, key_);
  MPI_Comm_free_keyval(&key_);
}

int BeforeFinalize::on_delete(MPI_Comm /*comm*/, int /*key*/, void* self, void* /*extra*/) {
  auto& waiting = *static_cast<BeforeFinalize*>(self);
  if (std::exchange(waiting.waiting_, false)) waiting.callback_();
  return MPI_SUCCESS;
}

}  // namespace buddy::comm
