#include "errors.hpp"

namespace buddy::convey {

const char* text_of(int code) noexcept {
  if (code > 0) return "no error: the call succeeded";
  switch (code) {
    case 0: return "no error: full, empty or done";
    case error_state: return "not allowed in this state of the conveyor";
    case error_usage: return "the call does not fit its arguments or those of other PEs";
    case error_null: return "there is no conveyor (NULL)";
    case error_range: return "there is no such PE";
    case error_comms: return "the job has failed";
    case error_alloc: return "not enough memory";
    case error_rigid: return "the conveyor is not elastic";
    case error_misfit: return "the next item has another size than pull() expects";
    case error_too_large: return "the item is larger than the conveyor allows";
    case error_zero: return "the size of items is zero";
    default: return "unknown error";
  }
}

}  // namespace buddy::convey
