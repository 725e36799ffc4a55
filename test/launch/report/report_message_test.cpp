#include "launch/report/report_message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace buddy::launch::report {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    constexpr char digits[] = "0123456789abcdef";
    text += text.empty() ? "" : " ";
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

// The example of docs/formats/report_channel.md.
TEST(ReportMessage, has_the_documented_bytes) {
  EXPECT_EQ(hex(encode(Failed{.pid = 4711, .code = 0, .signal = 9, .why = ""})),
            "10 00 00 00 05 00 00 00 67 12 00 00 00 00 00 00 09 00 00 00 00 00 00 00");
  EXPECT_EQ(hex(encode(Finish{})), "00 00 00 00 0a 00 00 00");
  EXPECT_EQ(hex(encode(File{File::profile, "rank-1", "x"})),
            "13 00 00 00 08 00 00 00 01 00 00 00 06 00 00 00 72 61 6e 6b 2d 31 01 00 00 00 78");
}

TEST(ReportMessage, is_read_as_it_was_written) {
  const std::string bytes = encode(Welcome{.host = "h",
                                           .host_cpus = "0-3",
                                           .engine_cpus = "4",
                                           .engines = 2,
                                           .workers = 3,
                                           .engine_address = "tcp:a:1",
                                           .wants_result = 1,
                                           .wants_profile = 0});
  const auto read = decode(3, std::string_view(bytes).substr(report_header_bytes));
  ASSERT_TRUE(read);
  const auto& welcome = std::get<Welcome>(*read);
  EXPECT_EQ(welcome.host, "h");
  EXPECT_EQ(welcome.engine_cpus, "4");
  EXPECT_EQ(welcome.workers, 3u);
  EXPECT_EQ(welcome.engine_address, "tcp:a:1");
  EXPECT_EQ(welcome.wants_result, 1u);
}

TEST(ReportMessage, is_refused_if_bytes_are_missing_or_left_over) {
  const std::string whole = encode(EngineEnded{.node = 1, .pid = 2}).substr(report_header_bytes);
  ASSERT_TRUE(decode(7, whole));
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_FALSE(decode(7, std::string_view(whole).substr(0, bytes))) << bytes;
  }
  EXPECT_FALSE(decode(7, whole + "x"));
  EXPECT_FALSE(decode(12, ""));
  EXPECT_FALSE(decode(0xffffffff, ""));
}

RC_GTEST_PROP(ReportMessage, of_any_bytes_is_refused_or_written_the_same_way,
              (const std::string& content)) {
  for (std::uint32_t kind = 0; kind < 13; ++kind) {
    const auto message = decode(kind, content);
    if (message) RC_ASSERT(encode(*message).substr(report_header_bytes) == content);
  }
}

}  // namespace
}  // namespace buddy::launch::report
