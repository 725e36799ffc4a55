// Keeps handlers from running in a scope. Stands in for YGM's header of this name.
#pragma once

#include <ygm/comm.hpp>

namespace ygm::detail {

/// While it lives, no handlers run on this rank, whatever is called; messages that arrive wait.
/// Not to be nested.
class interrupt_mask {
 public:
  explicit interrupt_mask(ygm::comm& comm) : comm_(comm) { comm_.m_enable_interrupts = false; }
  interrupt_mask(const interrupt_mask&) = delete;
  interrupt_mask& operator=(const interrupt_mask&) = delete;
  ~interrupt_mask() { comm_.m_enable_interrupts = true; }

 private:
  ygm::comm& comm_;
};

}  // namespace ygm::detail
