#include "instrument/activity.hpp"

namespace buddy {

constinit thread_local ActivityClock* activity_clock = nullptr;

}  // namespace buddy
