#include "launch/process/cpu_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "base/affinity.hpp"

namespace buddy::launch {
namespace {

using Cpus = std::vector<int>;

TEST(CpuList, reads_numbers_and_ranges_in_the_order_written) {
  EXPECT_EQ(parse_cpu_list("0").value(), (Cpus{0}));
  EXPECT_EQ(parse_cpu_list("0,2-3").value(), (Cpus{0, 2, 3}));
  EXPECT_EQ(parse_cpu_list("7,1-1,3").value(), (Cpus{7, 1, 3}));
}

TEST(CpuList, refuses_what_is_no_list) {
  for (const char* text : {"", ",", "0,", ",0", "0,,1", "a", "0-", "-1", "3-1", "0 1", "0-1-2",
                           "1,1", "0-3,2", "99999", "0x1", "+1", "4294967296"}) {
    const auto cpus = parse_cpu_list(text);
    ASSERT_FALSE(cpus.ok()) << text;
    EXPECT_EQ(cpus.status().code(), ErrorCode::invalid_argument);
    EXPECT_NE(cpus.status().message().find("write it like 0,2-3"), std::string::npos);
  }
}

TEST(CpuList, formats_neighbours_as_ranges) {
  EXPECT_EQ(format_cpu_list(Cpus{0, 2, 3}), "0,2-3");
  EXPECT_EQ(format_cpu_list(Cpus{}), "");
  EXPECT_EQ(format_cpu_list(Cpus{3, 2, 1}), "3,2,1");
}

RC_GTEST_PROP(CpuList, formatting_and_reading_gives_the_same_list, ()) {
  const auto cpus =
      *rc::gen::nonEmpty(rc::gen::unique<std::vector<int>>(rc::gen::inRange(0, 1024)));
  RC_ASSERT(parse_cpu_list(format_cpu_list(cpus)).value() == cpus);
}

TEST(CpuList, names_a_missing_cpu_and_those_that_exist) {
  const Status status = check_cpus(Cpus{1, 9}, Cpus{0, 1, 2}, "--host-cpus");
  ASSERT_FALSE(status.ok());
  for (const char* part : {"--host-cpus", "CPU 9", "0-2"}) {
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
  }
  EXPECT_TRUE(check_cpus(Cpus{2, 0}, Cpus{0, 1, 2}, "--host-cpus").ok());
}

TEST(CpuList, ranks_get_cpus_of_their_own_while_there_are_enough) {
  EXPECT_EQ(cpus_of_rank(Cpus{4, 6}, 0, 2), (Cpus{4}));
  EXPECT_EQ(cpus_of_rank(Cpus{4, 6}, 1, 2), (Cpus{6}));
  EXPECT_EQ(cpus_of_rank(Cpus{4, 6}, 1, 3), (Cpus{4, 6}));
}

TEST(CpuList, engines_take_cpus_in_turn) {
  EXPECT_EQ(cpus_in_turn(Cpus{1, 2, 3}, 0, 2), (Cpus{1, 2}));
  EXPECT_EQ(cpus_in_turn(Cpus{1, 2, 3}, 2, 2), (Cpus{3, 1}));
  EXPECT_EQ(cpus_in_turn(Cpus{1}, 5, 4), (Cpus{1}));
  EXPECT_EQ(cpus_in_turn(Cpus{}, 0, 2), (Cpus{}));
}

TEST(CpuList, hosts_leave_the_engines_cpus_unless_there_are_no_others) {
  EXPECT_EQ(without_cpus(Cpus{0, 1, 2}, Cpus{1}), (Cpus{0, 2}));
  EXPECT_EQ(without_cpus(Cpus{0, 1}, Cpus{0, 1}), (Cpus{0, 1}));
}

TEST(CpuList, binding_confines_the_thread) {
  std::thread([] {
    const Cpus last = {allowed_cpus().back()};
    ASSERT_TRUE(bind_to_cpus(last).ok());
    EXPECT_EQ(allowed_cpus(), last);
    EXPECT_FALSE(bind_to_cpus(Cpus{1023}).ok());
  }).join();
}

}  // namespace
}  // namespace buddy::launch
