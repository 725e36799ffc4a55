#include "common/work.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "workloads/mpi_alone.hpp"

namespace workloads {
namespace {

class WorkDone : public testing::MpiAlone {};

TEST_F(WorkDone, counts_units_where_they_are_done) {
  for (const std::uint64_t bytes : {64U, 100U, 4096U, 1U << 20U}) {
    Work work({.units = 7, .memory_bytes = bytes});
    for (std::uint64_t message = 0; message < 1000; ++message) work(message);
    EXPECT_EQ(work.units_done(), 7000U) << bytes << " bytes";
    EXPECT_TRUE(all_work_done(work, 1000, MPI_COMM_SELF));
    EXPECT_FALSE(all_work_done(work, 999, MPI_COMM_SELF));
    EXPECT_FALSE(all_work_done(work, 1001, MPI_COMM_SELF));
  }
}

TEST_F(WorkDone, none_is_done_without_units) {
  Work work;
  for (std::uint64_t message = 0; message < 1000; ++message) work(message);
  EXPECT_EQ(work.units_done(), 0U);
  EXPECT_TRUE(all_work_done(work, 1000, MPI_COMM_SELF));
}

class WorkOptionsTest : public testing::MpiAlone {};

TEST_F(WorkOptionsTest, are_read_from_the_command_line) {
  WorkOptions options;
  const auto parse = [&options](std::vector<std::string> words) {
    CommandLine app({.program = "test", .description = "", .examples = ""});
    add_work(app, options);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return app.parse(static_cast<int>(argv.size()), argv.data(), MPI_COMM_SELF);
  };
  EXPECT_EQ(parse({"test", "--work", "12", "--work-memory", "2^20"}), std::nullopt);
  EXPECT_EQ(options.units, 12U);
  EXPECT_EQ(options.memory_bytes, 1U << 20U);
  EXPECT_EQ(parse({"test", "--work-memory", "63"}), 2);
  Details details;
  describe_work(options, details);
  EXPECT_EQ(details.text(), R"({"work_memory_bytes":1048576,"work_units_per_message":12})");
}

}  // namespace
}  // namespace workloads
