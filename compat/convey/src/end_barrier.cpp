#include "end_barrier.hpp"

namespace buddy::convey {

EndBarrier::EndBarrier(MPI_Comm comm, std::uint32_t conveyor) : comm_(comm) {
  if (comm_ == MPI_COMM_NULL) return;
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &size_);
  // What MPI guarantees. Conveyors that share a tag are not alive together: there are 32,768 tags.
  constexpr std::uint32_t tags = 32768;
  tag_ = static_cast<int>(conveyor % tags);
}

bool EndBarrier::pass() {
  while (distance_ < size_) {
    if (!under_way_) {
      const int to = (rank_ + distance_) % size_;
      const int from = (rank_ - distance_ + size_) % size_;
      MPI_Irecv(nullptr, 0, MPI_BYTE, from, tag_, comm_, &requests_[0]);
      MPI_Isend(nullptr, 0, MPI_BYTE, to, tag_, comm_, &requests_[1]);
      under_way_ = true;
    }
    int both = 0;
    MPI_Testall(2, requests_.data(), &both, MPI_STATUSES_IGNORE);
    if (both == 0) return false;
    under_way_ = false;
    distance_ *= 2;
  }
  distance_ = 1;
  return true;
}

}  // namespace buddy::convey
