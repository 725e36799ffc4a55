// The switch behind YGM's interrupt mask.
#pragma once

#include <buddy/comm.hpp>

namespace ygm::detail {

/// Looks like the bool that YGM's interrupt_mask sets, and holds Buddy's handlers back.
class interrupt_switch {
 public:
  explicit interrupt_switch(buddy::Comm& comm) : comm_(comm) {}
  interrupt_switch(const interrupt_switch&) = delete;
  interrupt_switch& operator=(const interrupt_switch&) = delete;

  interrupt_switch& operator=(bool enabled) {
    comm_.hold_handlers(!enabled);
    enabled_ = enabled;
    return *this;
  }
  operator bool() const { return enabled_; }  // NOLINT(google-explicit-constructor)

 private:
  buddy::Comm& comm_;
  bool enabled_ = true;
};

}  // namespace ygm::detail
