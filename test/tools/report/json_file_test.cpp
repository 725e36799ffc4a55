// What users name as a file, and what may lie there.
#include "tools/report/json_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Sandbox;

std::string message_of(const std::string& text) {
  const auto read = parse_json(text, "file.json", "make it again");
  return read.ok() ? "" : read.status().message();
}

TEST(JsonFile, is_read_whole) {
  const Sandbox sandbox;
  const auto read = read_json_file(sandbox.file("a.json", "{\"a\": [1, 2.5, \"x\"]}\n"), "");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value(), Json::parse("{\"a\": [1, 2.5, \"x\"]}"));
}

TEST(JsonFile, that_is_none_is_said_with_the_place) {
  EXPECT_EQ(message_of(""), "file.json is no JSON (it is empty) make it again");
  EXPECT_EQ(message_of(" \n"), "file.json is no JSON (it is empty) make it again");
  EXPECT_EQ(message_of("{\"a\": [1, 2"), "file.json is no JSON (it is cut off) make it again");
  EXPECT_EQ(message_of("{\n \"a\": 1,\n \"b\": x}"),
            "file.json is no JSON (see line 3, column 7) make it again");
  EXPECT_EQ(message_of("{\"a\": 1e999}"),
            "file.json is no JSON (a number in it is too large) make it again");
  EXPECT_EQ(message_of("{} {}"), "file.json is no JSON (see line 1, column 4) make it again");
  EXPECT_NE(message_of("nan"), "");
  EXPECT_NE(message_of("\"\xff\""), "");
}

TEST(JsonFile, may_not_be_nested_without_end) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(message_of(nested(most_json_depth)), "");
  for (const std::size_t depth : {std::size_t{most_json_depth} + 1, std::size_t{2'000'000}}) {
    EXPECT_NE(message_of(nested(depth)).find("nested more than 64 deep"), std::string::npos);
  }
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_NE(message_of(objects).find("nested"), std::string::npos);
  // Brackets in strings are none.
  EXPECT_EQ(message_of("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\""), "");
}

TEST(JsonFile, that_cannot_be_read_is_said_with_the_reason) {
  const Sandbox sandbox;
  const auto message = [](const std::string& path) {
    return read_json_file(path, "do this").status().message();
  };
  EXPECT_EQ(message(sandbox.path()), "cannot read " + sandbox.path() + " (Is a directory) do this");
  EXPECT_NE(message(sandbox.path("none")).find("(No such file or directory)"), std::string::npos);
  EXPECT_NE(message("/dev/null").find("(it is empty)"), std::string::npos);
  EXPECT_NE(message("/dev/zero").find("(it has more than 64 MiB)"), std::string::npos);
}

TEST(JsonFile, may_be_a_pipe_and_does_not_wait_for_a_writer) {
  const Sandbox sandbox;
  const std::string pipe = sandbox.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(read_json_file(pipe, "").status().message().find("(it is empty)"), std::string::npos);
  std::fstream writer(pipe);  // for both, so that it does not wait either
  writer << "[1," << std::flush;
  std::thread slow([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    writer << "2]" << std::flush;
    writer.close();
  });
  const auto read = read_json_file(pipe, "");
  slow.join();
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value(), Json({1, 2}));
}

TEST(JsonFile, values_are_shown_in_few_words) {
  EXPECT_EQ(shown(1e-320), "1e-320");
  EXPECT_EQ(shown(nullptr), "null");
  EXPECT_EQ(shown("a\nb"), "\"a\\nb\"");
  EXPECT_EQ(shown(Json::object()), "an object");
  EXPECT_EQ(shown(Json::array({1})), "an array");
  EXPECT_LT(shown(std::string(1'000'000, 'x')).size(), 50U);
  EXPECT_EQ(shown("\xff"), "\"\\ufffd\"");
}

}  // namespace
}  // namespace buddy::tools
