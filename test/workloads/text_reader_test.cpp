#include "common/text_reader.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/seeds.hpp"
#include "workloads/temp_file.hpp"

namespace workloads {
namespace {

using testing::input_error;
using testing::TempFile;

std::vector<std::string> lines_of(const std::string& contents) {
  const TempFile file("lines.txt", contents);
  TextReader reader(file.path());
  std::vector<std::string> lines;
  std::string_view line;
  while (reader.next(line)) {
    lines.emplace_back(line);
    EXPECT_EQ(reader.line_number(), lines.size());
  }
  EXPECT_FALSE(reader.next(line));
  return lines;
}

TEST(TextReader, last_line_needs_no_end) {
  EXPECT_EQ(lines_of("a\nb"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(lines_of("a\nb\n"), (std::vector<std::string>{"a", "b"}));
}

TEST(TextReader, blank_lines_count) {
  EXPECT_EQ(lines_of("\n\na\n\n"), (std::vector<std::string>{"", "", "a", ""}));
  EXPECT_TRUE(lines_of("").empty());
}

TEST(TextReader, carriage_returns_belong_to_the_line_end) {
  EXPECT_EQ(lines_of("a\r\nb\r\n\r\n"), (std::vector<std::string>{"a", "b", ""}));
}

// Lines of any length up to the buffer's, so that they end up anywhere in it.
TEST(TextReader, gives_back_random_lines) {
  buddy::test::for_each_seed(10, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    std::vector<std::string> expected;
    std::string contents;
    while (contents.size() < 3000000) {
      const std::uint32_t longest = random.one_in(50) ? 400000 : 100;
      expected.emplace_back(random.below(longest), static_cast<char>('a' + random.below(26)));
      contents += expected.back() + '\n';
    }
    EXPECT_TRUE(lines_of(contents) == expected);
  });
}

TEST(TextReader, refuses_lines_longer_than_its_buffer) {
  const TempFile file("long.txt", "1 2\n" + std::string(3000000, 'x'));
  TextReader reader(file.path());
  std::string_view line;
  EXPECT_TRUE(reader.next(line));
  const std::string error = input_error([&] { reader.next(line); });
  EXPECT_NE(error.find(file.path() + ":2: the line is longer than"), std::string::npos) << error;
}

/// Calls \p take on the fields of a one-line file.
template <class Take>
auto with_fields(const std::string& line, Take take) {
  const TempFile file("line.txt", line + '\n');
  TextReader reader(file.path());
  std::string_view first;
  reader.next(first);
  Fields fields(reader, first);
  return take(fields);
}

TEST(Fields, take_numbers_between_blanks) {
  with_fields(" \t7  -8 +9\t1.5e-3 -.25 ", [](Fields& fields) {
    EXPECT_EQ(fields.take_unsigned("a"), 7U);
    EXPECT_EQ(fields.take_integer("b"), -8);
    EXPECT_EQ(fields.take_integer("c"), 9);
    EXPECT_EQ(fields.take_real("d"), 1.5e-3);
    EXPECT_EQ(fields.take_real("e"), -0.25);
    EXPECT_TRUE(fields.empty());
    fields.expect_end("nothing is left");
  });
}

double real_of(const std::string& line) {
  return with_fields(line, [](Fields& fields) { return fields.take_real("value"); });
}

TEST(Fields, take_what_is_too_near_to_zero_as_zero) {
  EXPECT_EQ(real_of("1e-400"), 0.0);
  EXPECT_EQ(real_of("+2.5E-999 "), 0.0);
  EXPECT_TRUE(std::signbit(real_of("-1e-400")));
  EXPECT_EQ(real_of("5e-324"), 5e-324);
  EXPECT_EQ(real_of("0." + std::string(400, '0') + "1"), 0.0);
}

TEST(Fields, refuse_what_is_too_large_unless_it_is_skipped) {
  for (const std::string number : {"1e400", "-1e400", "+1e999"}) {
    const std::string error = input_error([&] { real_of(number); });
    EXPECT_NE(error.find("'" + number + "' is too large (a number goes up to 1.8e308)"),
              std::string::npos)
        << error;
    with_fields(number + " 7", [](Fields& fields) {
      fields.skip_number("value");
      EXPECT_EQ(fields.take_unsigned("next"), 7U);
    });
  }
  const std::string error =
      input_error([] { with_fields("1x", [](Fields& fields) { fields.skip_number("value"); }); });
  EXPECT_NE(error.find("the value '1x' is not a number"), std::string::npos) << error;
}

std::string error_of_unsigned(const std::string& line) {
  return input_error(
      [&] { with_fields(line, [](Fields& fields) { return fields.take_unsigned("row"); }); });
}

TEST(Fields, say_what_is_wrong_with_a_number) {
  EXPECT_NE(error_of_unsigned("abc").find(":1: the row 'abc' is not a whole number"),
            std::string::npos);
  EXPECT_NE(error_of_unsigned("12abc").find("'12abc' is not"), std::string::npos);
  EXPECT_NE(error_of_unsigned("1.5").find("'1.5' is not"), std::string::npos);
  EXPECT_NE(error_of_unsigned("-5").find("'-5' is negative"), std::string::npos);
  EXPECT_NE(error_of_unsigned("99999999999999999999").find("is too large"), std::string::npos);
  EXPECT_NE(error_of_unsigned("").find("is missing"), std::string::npos);
}

TEST(Fields, name_what_does_not_belong_on_the_line) {
  const std::string error = input_error([&] {
    with_fields("1 2 3", [](Fields& fields) {
      fields.take_unsigned("row");
      fields.take_unsigned("column");
      fields.expect_end("two numbers are enough");
    });
  });
  EXPECT_NE(error.find("unexpected '3' (two numbers are enough)"), std::string::npos) << error;
}

TEST(QuoteWord, keeps_messages_short_and_printable) {
  EXPECT_EQ(quote_word("abc def"), "abc");
  EXPECT_EQ(quote_word(std::string(100, 'x')), std::string(40, 'x'));
  EXPECT_EQ(quote_word("\x1b[2J\xff"), "?[2J?");
}

}  // namespace
}  // namespace workloads
