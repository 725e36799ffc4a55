#include "base/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <string>

#include "support/scratch.hpp"

namespace buddy {
namespace {

class KeyFile : public testing::Test {
 protected:
  std::string write(const std::string& text, mode_t mode = 0600) {
    std::string path = scratch_ / "key";
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  void expect_refused(const std::string& path, const std::string& why) {
    const Status status = read_key_file(path).status();
    EXPECT_EQ(status.code(), ErrorCode::invalid_argument);
    EXPECT_NE(status.message().find(path), std::string::npos) << status.message();
    EXPECT_NE(status.message().find(why), std::string::npos) << status.message();
  }
  const test::Scratch scratch_;
  const std::string digits_ = "0123456789abcdef0fedcba987654321";
};

TEST_F(KeyFile, holds_a_key) {
  const auto expected = parse_job_key(digits_);
  for (const char* end : {"", "\n", " \r\n"}) {
    const auto key = read_key_file(write(digits_ + end));
    ASSERT_TRUE(key.ok()) << key.status().message();
    EXPECT_EQ(key.value(), expected.value());
  }
  EXPECT_TRUE(read_key_file(write(digits_, 0400)).ok());
}

TEST_F(KeyFile, is_nobody_elses) {
  for (const mode_t mode : {0640u, 0604u, 0620u, 0602u, 0610u}) {
    expect_refused(write(digits_, mode), "other users");
  }
}

TEST_F(KeyFile, of_another_user_is_refused) {
  const std::string path = write(digits_);
  if (::chown(path.c_str(), 65'534, 65'534) != 0) {
    std::cout << "not root: files cannot be given away" << std::endl;
  } else {
    expect_refused(path, "other users");
  }
}

TEST_F(KeyFile, anything_else_is_refused_and_not_shown) {
  for (const std::string& text :
       {std::string(), digits_.substr(1), digits_ + "0", digits_ + "\n" + digits_,
        std::string(31, '0') + "x", std::string(5000, '0')}) {
    expect_refused(write(text), "32 hex digits");
    const std::string message = read_key_file(write(text)).status().message();
    EXPECT_EQ(message.find(digits_.substr(1)), std::string::npos) << message;
  }
  expect_refused(scratch_ / "no-such-file", "No such file");
  expect_refused(scratch_.path(), "no file");
}

}  // namespace
}  // namespace buddy
