#include "launch/hosts/returned_files.hpp"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/whole_file.hpp"

namespace buddy::launch {
namespace {

namespace fs = std::filesystem;

std::string result_of(const std::string& folder) { return folder + "/result.json"; }
std::string profiles_of(const std::string& folder) { return folder + "/profiles"; }

}  // namespace

void place_files(const report::Welcome& welcome, const std::string& folder) {
  std::error_code ignored;
  if (welcome.wants_result == 0 && welcome.wants_profile == 0) return;
  fs::create_directories(profiles_of(folder), ignored);
  if (welcome.wants_result != 0) setenv(result_variable, result_of(folder).c_str(), 1);
  if (welcome.wants_profile != 0) setenv(profile_variable, profiles_of(folder).c_str(), 1);
}

std::vector<report::File> written_files(const std::string& folder) {
  std::vector<report::File> files;
  if (auto result = read_whole_file(result_of(folder))) {
    files.push_back({report::File::result, "", std::move(*result)});
  }
  std::error_code error;
  for (fs::directory_iterator it(profiles_of(folder), error), end; !error && it != end;
       it.increment(error)) {
    if (auto bytes = read_whole_file(it->path().native())) {
      files.push_back({report::File::profile, it->path().filename().native(), std::move(*bytes)});
    }
  }
  return files;
}

}  // namespace buddy::launch
