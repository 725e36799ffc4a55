// A folder of small files, laid out like one that another machine's kernel shows.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace buddy::measure::testing {

/// Removed with everything in it.
class FakeTree {
 public:
  FakeTree() {
    std::string path = (std::filesystem::temp_directory_path() / "buddy-tree-XXXXXX").native();
    root_ = ::mkdtemp(path.data());
  }
  ~FakeTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  FakeTree(const FakeTree&) = delete;
  FakeTree& operator=(const FakeTree&) = delete;

  const std::string& root() const { return root_; }
  std::string path(const std::string& name) const { return root_ + "/" + name; }
  /// Writes a file, and the folders above it. Lines end as in /sys.
  void file(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name)) << text << '\n';
  }

 private:
  std::string root_;
};

}  // namespace buddy::measure::testing
