// Files whose values are lengths of edges: what is missing or wrong is said with its line.
#include <gtest/gtest.h>

#include <string>

#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

using Nonzeros = std::vector<Nonzero>;

Nonzeros read(const std::string& name, const std::string& text) {
  const testing::TempFile file(name, text);
  return testing::read_matrix(file.path(), 1000, Values::weights).nonzeros;
}

std::string error(const std::string& name, const std::string& text) {
  const testing::TempFile file(name, text);
  const std::string what =
      testing::input_error([&] { testing::read_matrix(file.path(), 1000, Values::weights); });
  return what.substr(std::min(what.find(name), what.size()));
}

std::string matrix(const std::string& kind, const std::string& entry) {
  return "%%MatrixMarket matrix coordinate " + kind + "\n3 3 1\n" + entry + "\n";
}

TEST(Weights, are_values_of_0_and_more) {
  EXPECT_EQ(read("a.txt", "0 1 0.5\n1 2 0\n2 0 1e3\n"),
            (Nonzeros{{0, 1, 0.5}, {1, 2, 0.0}, {2, 0, 1000.0}}));
  EXPECT_EQ(read("a.mtx", matrix("real symmetric", "2 1 1.5")),
            (Nonzeros{{1, 0, 1.5}, {0, 1, 1.5}}));
  EXPECT_EQ(read("a.mtx", matrix("integer general", "2 1 7")), (Nonzeros{{1, 0, 7.0}}));
}

TEST(Weights, must_not_be_missing) {
  EXPECT_EQ(error("a.txt", "# c\n0 1\n1 2\n").find("a.txt:2: this edge has no weight"), 0U);
  EXPECT_EQ(error("a.txt", "0 1 5\n1 2\n").find("a.txt:2: this edge has no weight"), 0U);
  EXPECT_EQ(error("a.mtx", matrix("real general", "2 1")).find("a.mtx:3: the weight is missing"),
            0U);
  EXPECT_EQ(error("a.mtx", matrix("pattern general", "2 1")).find("a.mtx:1: a pattern matrix has"),
            0U);
}

TEST(Weights, must_be_real_numbers_that_are_not_negative) {
  for (const char* kind : {"0 1 1\n1 2 ", "-"}) {
    const bool is_list = *kind != '-';
    const auto about = [&](const std::string& weight) {
      return is_list ? error("a.txt", kind + weight + "\n")
                     : error("a.mtx", matrix("real general", "2 1 " + weight));
    };
    const std::string at = is_list ? "a.txt:2: the weight " : "a.mtx:3: the weight ";
    EXPECT_EQ(about("-1").find(at + "'-1' is negative"), 0U) << about("-1");
    EXPECT_EQ(about("-inf").find(at + "'-inf' is negative"), 0U) << about("-inf");
    EXPECT_EQ(about("nan").find(at + "'nan' is not a number"), 0U) << about("nan");
    EXPECT_EQ(about("inf").find(at + "'inf' is too large"), 0U) << about("inf");
    EXPECT_EQ(about("1e300").find(at + "'1e300' is too large"), 0U) << about("1e300");
    EXPECT_EQ(about("1e400").find(at + "'1e400' is too large"), 0U) << about("1e400");
    EXPECT_EQ(about("two").find(at + "'two' is not a number"), 0U) << about("two");
  }
}

TEST(Weights, are_no_complex_numbers_and_have_one_sign) {
  EXPECT_EQ(error("a.mtx", matrix("complex general", "2 1 1 0")).find("a.mtx:1: a complex matrix"),
            0U);
  EXPECT_EQ(error("a.mtx", matrix("real skew-symmetric", "2 1 1"))
                .find("a.mtx:1: a skew-symmetric matrix"),
            0U);
}

}  // namespace
}  // namespace workloads
