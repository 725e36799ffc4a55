#include "tools/command/progress.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

TEST(Progress, shows_steps_time_and_what_is_left) {
  EXPECT_EQ(format_progress(6, 12, "transpose engine", 30),
            "[############------------] 6/12  transpose engine  30 s, about 30 s left");
  EXPECT_EQ(format_progress(0, 4, "histogram host", 4),
            "[------------------------] 0/4  histogram host  4 s");
}

}  // namespace
}  // namespace buddy::tools
