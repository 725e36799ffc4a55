#include "common/result_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace workloads {
namespace {

namespace fs = std::filesystem;

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ResultFile, is_replaced_behind_links_and_leaves_nothing_else) {
  const fs::path folder = fs::temp_directory_path() / ("buddy-result-" + std::to_string(getpid()));
  ASSERT_TRUE(fs::create_directory(folder));
  std::ofstream(folder / "old.json") << "an old result";
  fs::create_symlink("old.json", folder / "link.json");
  EXPECT_EQ(write_result(folder / "link.json", "new"), "");
  EXPECT_EQ(write_result(folder / "fresh.json", "fresh"), "");
  EXPECT_EQ(read(folder / "old.json"), "new");
  EXPECT_EQ(read(folder / "fresh.json"), "fresh");
  EXPECT_TRUE(fs::is_symlink(folder / "link.json"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 3);
  fs::remove_all(folder);
}

TEST(ResultFile, that_cannot_be_written_is_said) {
  EXPECT_EQ(write_result("/dev/full", "text"), "No space left on device");
  EXPECT_EQ(write_result("/no/such/folder/result.json", "text"), "No such file or directory");
  EXPECT_EQ(write_result("/dev/null", "text"), "");
}

}  // namespace
}  // namespace workloads
