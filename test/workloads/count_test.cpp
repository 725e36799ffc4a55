#include "common/count.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "workloads/mpi_alone.hpp"

namespace workloads {
namespace {

TEST(ParseCount, accepts_the_usual_forms) {
  EXPECT_EQ(parse_count("0"), 0U);
  EXPECT_EQ(parse_count("1048576"), 1048576U);
  EXPECT_EQ(parse_count("2^20"), 1048576U);
  EXPECT_EQ(parse_count("10^6"), 1000000U);
  EXPECT_EQ(parse_count("1<<20"), 1048576U);
  EXPECT_EQ(parse_count("3<<2"), 12U);
  EXPECT_EQ(parse_count("500k"), 500000U);
  EXPECT_EQ(parse_count("16M"), 16000000U);
  EXPECT_EQ(parse_count("2^63"), std::uint64_t{1} << 63);
  EXPECT_EQ(parse_count("1^999999999999"), 1U);
  EXPECT_EQ(parse_count("18446744073709551615"), ~std::uint64_t{0});
}

TEST(ParseCount, refuses_what_is_no_count) {
  for (const char* text : {"", "x", "12x", "-1", "1.5", "2^", "^2", "2^-1", "1<<", "<<3", "k", "M",
                           "1 000", "0x10", "1e6", "5kk"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(ParseCount, refuses_what_does_not_fit) {
  for (const char* text : {"2^64", "10^20", "1<<64", "3<<63", "18446744073709551616",
                           "18446744073709551615M", "99999999999999999999999"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

struct Parsed {
  std::uint64_t value;
  std::optional<int> exit_code;
  std::string error;
};

Parsed parse_option(std::string argument) {
  CommandLine app({.program = "test", .description = "", .examples = ""});
  Parsed parsed{42, {}, ""};
  add_count(app, {"--size", "for a test", 1, 1000}, parsed.value);
  std::string program = "bin/test";
  std::string option = "--size";
  char* argv[] = {program.data(), option.data(), argument.data()};
  ::testing::internal::CaptureStderr();
  parsed.exit_code = app.parse(3, argv, MPI_COMM_SELF);
  parsed.error = ::testing::internal::GetCapturedStderr();
  return parsed;
}

class AddCount : public testing::MpiAlone {};

TEST_F(AddCount, sets_the_value_or_says_what_is_wrong) {
  EXPECT_EQ(parse_option("2^9").value, 512U);
  EXPECT_EQ(parse_option("2^9").exit_code, std::nullopt);
  EXPECT_EQ(parse_option("2^9").error, "");
  EXPECT_NE(parse_option("many").error.find("test: --size: 'many' is not a count"),
            std::string::npos);
  EXPECT_NE(parse_option("many").error.find("(see bin/test --help)"), std::string::npos);
  EXPECT_EQ(parse_option("many").exit_code, 2);
  EXPECT_NE(parse_option("2^10").error.find("it must be 1 to 1000"), std::string::npos);
  EXPECT_EQ(parse_option("2^10").value, 42U);
}

}  // namespace
}  // namespace workloads
