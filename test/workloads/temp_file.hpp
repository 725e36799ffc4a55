// Files for the tests of the readers.
#pragma once

#include <string>
#include <string_view>

namespace workloads::testing {

/// A file with the given contents, removed at the end.
class TempFile {
 public:
  /// \param name its last part, which tells readers the format, as in "small.mtx"
  TempFile(const std::string& name, std::string_view contents);
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string folder_;
  std::string path_;
};

/// \p data as one gzip member.
std::string gzip(std::string_view data);

/// What the InputError says that \p action throws; "" and a test failure if it throws none.
template <class Action>
std::string input_error(Action action);

/// Folder of real matrices: BUDDY_DATA_DIR, or the project's neighbour shared/data; "" if neither
/// is there.
std::string data_folder();

}  // namespace workloads::testing

#include <gtest/gtest.h>

#include "common/input_error.hpp"

template <class Action>
std::string workloads::testing::input_error(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no InputError";
  return {};
}
