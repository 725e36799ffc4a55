#include "common/result_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace workloads {
namespace {

namespace fs = std::filesystem;

bool write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return !file.fail();
}

}  // namespace

std::string write_result(const std::string& path, const std::string& text) {
  std::error_code error;
  const bool exists = fs::exists(path, error);
  if (exists && !fs::is_regular_file(path, error)) {
    return write_text(path, text) ? std::string() : std::strerror(errno);
  }
  const std::string target = exists ? fs::canonical(path, error).native() : path;
  const std::string fresh = target + "." + std::to_string(getpid());
  if (write_text(fresh, text) && std::rename(fresh.c_str(), target.c_str()) == 0) return {};
  std::string why = std::strerror(errno);
  unlink(fresh.c_str());
  return why;
}

}  // namespace workloads
