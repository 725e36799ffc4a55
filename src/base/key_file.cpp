#include "base/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/unique_fd.hpp"

namespace buddy {
namespace {

/// More than a key and its line end.
constexpr std::size_t most_bytes = 64;

Status refused(const std::string& path, const std::string& why_and_what_to_do) {
  return {ErrorCode::invalid_argument, "cannot use key file " + path + " " + why_and_what_to_do};
}

Result<JobKey> parse(const std::string& path, std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  auto key = parse_job_key(text);
  if (key.ok()) return key;
  return refused(path,
                 "(it does not hold 32 hex digits) write one with: od -An -tx8 -N16 /dev/urandom | "
                 "tr -d ' '");
}

}  // namespace

Result<JobKey> read_key_from_input() {
  std::string line;
  char character = 0;
  while (line.size() < most_bytes && read(STDIN_FILENO, &character, 1) == 1 && character != '\n') {
    line += character;
  }
  return parse("-", line);
}

Result<JobKey> read_key_file(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!file || fstat(file.get(), &info) != 0) {
    return refused(path, std::string("(") + std::strerror(errno) + ") check the path");
  }
  if (!S_ISREG(info.st_mode)) return refused(path, "(it is no file) check the path");
  if (info.st_uid != geteuid() || (info.st_mode & 077u) != 0) {
    return refused(path, "(other users can read or change it) make it yours alone: chmod 600");
  }
  std::array<char, most_bytes> content{};
  const ssize_t got = read(file.get(), content.data(), content.size());
  return parse(path, {content.data(), got > 0 ? static_cast<std::size_t>(got) : 0});
}

}  // namespace buddy
