#include "tools/service/job_process.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

TEST(JobProcess, jobs_side_by_side_get_cores_of_their_own) {
  const JobProcessOptions options{.workers = 2, .cpus = {3, 4, 5, 6, 9}, .key = {}};
  EXPECT_EQ(cores_of_slot(options, 0, 1), (JobCores{{3, 4}, false}));
  EXPECT_EQ(cores_of_slot(options, 1, 1), (JobCores{{5, 6}, false}));
  EXPECT_EQ(cores_of_slot(options, 2, 1), (JobCores{{9, 3}, true}));
  EXPECT_EQ(cores_of_slot(options, 3, 1), (JobCores{{4, 5}, true}));
}

TEST(JobProcess, the_first_job_has_all_that_there_is) {
  const JobProcessOptions few{.workers = 4, .cpus = {1, 2}, .key = {}};
  EXPECT_EQ(cores_of_slot(few, 0, 1), (JobCores{{1, 2}, false}));
  EXPECT_EQ(cores_of_slot(few, 1, 1), (JobCores{{1, 2}, true}));
}

TEST(JobProcess, without_a_list_the_kernel_deals_cores_out) {
  const JobProcessOptions any{.workers = 2, .key = {}};
  EXPECT_EQ(cores_of_slot(any, 0, 4), (JobCores{{}, false}));
  EXPECT_EQ(cores_of_slot(any, 1, 4), (JobCores{{}, false}));
  EXPECT_EQ(cores_of_slot(any, 2, 4), (JobCores{{}, true}));
}

}  // namespace
}  // namespace buddy::tools
