// Negative results of the functions of convey.h.
#pragma once

namespace buddy::convey {

enum Code : int {
  error_state = -1,   ///< not allowed in this state
  error_usage = -2,   ///< the rules are broken
  error_null = -3,    ///< no conveyor
  error_range = -4,   ///< no such PE
  error_comms = -6,   ///< the job has failed
  error_alloc = -7,   ///< no memory
  error_rigid = -8,   ///< not elastic
  error_misfit = -9,  ///< the next item has another size
  error_too_large = -10,
  error_zero = -11,  ///< items without bytes
};

const char* text_of(int code) noexcept;

}  // namespace buddy::convey
