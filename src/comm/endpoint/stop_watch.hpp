// How long something took.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace buddy::comm {

/// Adds the time it lives to a figure, seconds. Two readings of the clock, some 25 ns each.
class StopWatch {
 public:
  explicit StopWatch(double& seconds) : seconds_(seconds), since_ns_(monotonic_ns()) {}
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  ~StopWatch() { seconds_ += static_cast<double>(monotonic_ns() - since_ns_) * 1e-9; }

 private:
  double& seconds_;
  std::uint64_t since_ns_;
};

}  // namespace buddy::comm
