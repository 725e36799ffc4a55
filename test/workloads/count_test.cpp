#include "common/count.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

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
  EXPECT_EQ(parse_count("500K"), 500000U);
  EXPECT_EQ(parse_count("16M"), 16000000U);
  EXPECT_EQ(parse_count("3G"), 3000000000U);
  EXPECT_EQ(parse_count("4Ki"), 4096U);
  EXPECT_EQ(parse_count("1Mi"), 1048576U);
  EXPECT_EQ(parse_count("2^63"), std::uint64_t{1} << 63);
  EXPECT_EQ(parse_count("1^999999999999"), 1U);
  EXPECT_EQ(parse_count("18446744073709551615"), ~std::uint64_t{0});
}

TEST(ParseCount, refuses_what_is_no_count) {
  for (const char* text : {"",  "x", "12x",   "-1",   "1.5", "2^",  "^2",  "2^-1", "1<<", "<<3",
                           "k", "M", "1 000", "0x10", "1e6", "5kk", "5KB", "5KiB", "5X",  "5iK"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(ParseCount, refuses_what_does_not_fit) {
  for (const char* text : {"2^64", "10^20", "1<<64", "3<<63", "18446744073709551616",
                           "18446744073709551615M", "99999999999999999999999"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

TEST(ParseBytes, has_units_of_1024) {
  for (const char* text :
       {"65536", "64k", "64K", "64Ki", "64KB", "64KiB", "65536B", "2^16", "1<<16"}) {
    EXPECT_EQ(parse_bytes(text), 65536U) << text;
  }
  EXPECT_EQ(parse_bytes("3M"), 3U << 20);
  EXPECT_EQ(parse_bytes("2GiB"), std::uint64_t{2} << 30);
  for (const char* text :
       {"", "B", "k", "iB", "64kb", "64bytes", "-1", "1.5M", "99999999999999T"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
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

Parsed parse_words(std::vector<std::string> words) {
  CommandLine app({.program = "test", .description = "", .examples = ""});
  Parsed parsed{42, {}, ""};
  bool prefetch = true;
  add_bytes(app, {"--size", "for a test", 1, 1000}, parsed.value);
  app.add_switch_off("--no-prefetch", "for a test", prefetch);
  words.insert(words.begin(), "bin/test");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  parsed.exit_code = app.parse(static_cast<int>(argv.size()), argv.data(), MPI_COMM_NULL);
  std::fflush(stdout);
  parsed.error = ::testing::internal::GetCapturedStderr();
  parsed.error += ::testing::internal::GetCapturedStdout();
  return parsed;
}

// With no communicator: what is asked before a launch needs no MPI.
TEST(CommandLine, says_without_mpi_what_it_takes) {
  EXPECT_EQ(parse_words({"--list-options"}).error, "--help\n--size BYTES\n--no-prefetch\n");
  EXPECT_EQ(parse_words({"--list-options"}).exit_code, 0);
  const Parsed good = parse_words({"--check-options", "--size", "1", "--no-prefetch"});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_EQ(good.error, "");
  const Parsed unknown = parse_words({"--check-options", "--siez=5"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.error,
            "test: there is no option '--siez' (see bin/test --help) did you mean '--size'?\n");
  const Parsed wrong = parse_words({"--check-options", "--size", "much"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.error.find("'much' is not a number of bytes"), std::string::npos);
}

class AddCount : public testing::MpiAlone {};

TEST_F(AddCount, sets_the_value_or_says_what_is_wrong) {
  EXPECT_EQ(parse_option("2^9").value, 512U);
  EXPECT_EQ(parse_option("2^9").exit_code, std::nullopt);
  EXPECT_EQ(parse_option("2^9").error, "");
  EXPECT_NE(parse_option("many").error.find("test: --size: 'many' is not a count"),
            std::string::npos);
  EXPECT_NE(parse_option("many").error.find("write it like 1048576"), std::string::npos);
  EXPECT_EQ(parse_option("many").exit_code, 2);
  EXPECT_NE(parse_option("2^10").error.find("it must be 1 to 1000"), std::string::npos);
  EXPECT_EQ(parse_option("2^10").value, 42U);
}

}  // namespace
}  // namespace workloads
