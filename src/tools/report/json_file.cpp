#include "tools/report/json_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

constexpr std::size_t most_shown = 40;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// How deep brackets are nested, those in strings aside.
int depth_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

/// "line 3, column 14"
std::string place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto begin = before.rfind('\n');  // npos + 1 is 0
  return fmt::format("line {}, column {}", lines + 1, before.size() - (begin + 1) + 1);
}

/// Everything there is. Errors: system, with the reason alone.
Result<std::string> read_all(const std::string& path) {
  // Without O_NONBLOCK a pipe without a writer would keep us here.
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return Status(ErrorCode::system, std::strerror(errno));
  const int flags = fcntl(file.get(), F_GETFL);
  fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
  std::string text;
  std::array<char, 65536> part{};
  for (;;) {
    const ssize_t got = read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status(ErrorCode::system, std::strerror(errno));
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most_json_bytes) {
      return Status(ErrorCode::system,
                    fmt::format("it has more than {} MiB", most_json_bytes >> 20));
    }
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& name, std::string_view advice) {
  const auto no_json = [&](const std::string& why) {
    return invalid(fmt::format("{} is no JSON ({}) {}", name, why, advice));
  };
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return no_json("it is empty");
  if (depth_of(text) > most_json_depth) {
    return invalid(fmt::format("{} is no document of Buddy's (it is nested more than {} deep) {}",
                               name, most_json_depth, advice));
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return error.byte > text.size() ? no_json("it is cut off")
                                    : no_json("see " + place_of(text, error.byte));
  } catch (const Json::exception&) {  // a number beyond what a double holds
    return no_json("a number in it is too large");
  }
}

Result<Json> read_json_file(const std::string& path, std::string_view advice) {
  const auto text = read_all(path);
  if (text.ok()) return parse_json(text.value(), path, advice);
  return invalid(fmt::format("cannot read {} ({}) {}", path, text.status().message(), advice));
}

std::string shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > most_shown) text = text.substr(0, most_shown) + "...";
  return text;
}

Status in_file(const std::string& path, const Status& status) {
  return {status.code(), fmt::format("{}: {}", path, status.message())};
}

}  // namespace buddy::tools
