#include "launch/hosts/engine_table.hpp"

#include <gtest/gtest.h>

namespace buddy::launch {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string uri_of(const std::string& address) {
  const auto table = parse_engine_table("h " + address, "engines");
  return table.ok() ? table.value()[0].uri() : table.status().message();
}

TEST(EngineTable, has_an_engine_a_line) {
  EXPECT_EQ(uri_of("10.0.0.1"), "tcp:10.0.0.1:7117");
  EXPECT_EQ(uri_of("10.0.0.1:80"), "tcp:10.0.0.1:80");
  EXPECT_EQ(uri_of("dpu1:80"), "tcp:dpu1:80");
  EXPECT_EQ(uri_of("fd00::1"), "tcp:[fd00::1]:7117");
  EXPECT_EQ(uri_of("[fd00::1]"), "tcp:[fd00::1]:7117");
  EXPECT_EQ(uri_of("[fd00::1]:80"), "tcp:[fd00::1]:80");
}

TEST(EngineTable, says_what_is_wrong_and_in_which_line) {
  for (const char* address : {"10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:x", ":80",
                              "[fd00::1", "[fd00::1]80", "a/b", "-x"}) {
    EXPECT_TRUE(contains(uri_of(address), "engines:1: cannot take 'h ")) << address;
  }
  const auto error_of = [](const std::string& text) {
    return parse_engine_table(text, "engines").status().message();
  };
  EXPECT_TRUE(contains(error_of("#\n"), "engines names no engine"));
  EXPECT_TRUE(contains(error_of("\nh"), "engines:2: cannot take 'h'"));
  EXPECT_TRUE(contains(error_of("h a b"), "engines:1: cannot take 'h a b'"));
  EXPECT_TRUE(contains(error_of("h a\nh b"), "engines:2: h is there twice"));
  EXPECT_TRUE(contains(read_engine_table("/does/not/exist").status().message(), "No such file"));
}

TEST(EngineTable, serves_every_machine_of_the_job_and_no_other) {
  const auto table = parse_engine_table("a 10.0.0.1\nb 10.0.0.2", "engines").value();
  const auto engines = engines_for({"b", "a"}, {"a", "b"}, table, "engines");
  ASSERT_TRUE(engines.ok());
  EXPECT_EQ(engines.value()[0].address, "10.0.0.2");
  EXPECT_EQ(engines.value()[1].address, "10.0.0.1");
  EXPECT_TRUE(engines_for({"a"}, {"a", "b"}, table, "engines").ok());
  EXPECT_TRUE(contains(engines_for({"a", "c"}, {"a", "b", "c"}, table, "f").status().message(),
                       "f has no engine for c"));
  EXPECT_TRUE(
      contains(engines_for({"a"}, {"a"}, table, "f").status().message(), "f has an engine for b"));
}

TEST(EngineTable, addresses_are_of_a_family_that_the_machine_has) {
  const std::vector<HostAddresses> four = {{"h", resolve_host("127.0.0.1").value()}};
  const std::vector<HostAddresses> six = {{"h", resolve_host("::1").value()}};
  const auto check = [](const std::vector<HostAddresses>& hosts, const char* address) {
    return check_engine_addresses(hosts, {{.host = "h", .address = address}}).message();
  };
  EXPECT_EQ(check(four, "10.0.0.1"), "");
  EXPECT_EQ(check(six, "fd00::1"), "");
  EXPECT_TRUE(contains(check(four, "fd00::1"),
                       "h cannot reach its engine at fd00::1 (that is IPv6,"
                       " the machine has IPv4 only)"));
  EXPECT_TRUE(contains(check(six, "10.0.0.1"), "that is IPv4, the machine has IPv6 only"));
  EXPECT_TRUE(contains(check({}, "no.such.name.invalid"), "there is no machine 'no.such"));
}

}  // namespace
}  // namespace buddy::launch
