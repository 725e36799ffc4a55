#include "base/small_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/unique_fd.hpp"
#include "base/whole_file.hpp"
#include "base/whole_number.hpp"

namespace buddy {

std::optional<std::string> read_small_file(const std::string& path) {
  auto text = read_whole_file(path);
  if (text) text->erase(text->find_last_not_of(" \t\r\n") + 1);
  return text;
}

Status write_small_file(const std::string& path, const std::string& text) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
    return {};
  }
  return {ErrorCode::system, "cannot write '" + text + "' to " + path + " (" +
                                 std::strerror(errno) + ") check that this user may"};
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    names.push_back(it->path().filename().native());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  return parse_whole<std::uint64_t>(text, base);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<int> parse_numbers(std::string_view list) {
  constexpr std::uint64_t most = 1 << 20;
  std::vector<int> numbers;
  for (const std::string_view part : split(list, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = parse_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_number(part.substr(dash + 1));
    if (!first || !last || *first > *last || *last > most) return {};
    for (std::uint64_t k = *first; k <= *last; ++k) numbers.push_back(static_cast<int>(k));
  }
  return numbers;
}

}  // namespace buddy
