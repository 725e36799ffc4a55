// A file that opens can still refuse to be read: a directory, memory that is not mapped, a process
// that has gone. None of it may throw.
#include "base/whole_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/small_files.hpp"

namespace buddy {
namespace {

TEST(WholeFile, has_every_byte) {
  const std::string path = ::testing::TempDir() + "buddy_whole_file_" + std::to_string(getpid());
  const std::string text = std::string(10'000, 'x') + '\0' + "end \n";
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(read_whole_file(path), text);
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(read_whole_file(path), "");
  std::filesystem::remove(path);
  EXPECT_FALSE(read_whole_file(path).has_value());
}

TEST(WholeFile, that_opens_and_cannot_be_read_is_nothing) {
  // Reading /proc/self/mem from address 0 fails with EIO.
  for (const char* path : {"/", "/proc", "/proc/self/mem"}) {
    EXPECT_FALSE(read_whole_file(path).has_value()) << path;
    EXPECT_FALSE(read_small_file(path).has_value()) << path;
  }
}

}  // namespace
}  // namespace buddy
