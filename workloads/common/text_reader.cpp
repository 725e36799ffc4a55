#include "common/text_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "common/input_error.hpp"
#include "common/matrix_source.hpp"

namespace workloads {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

TextReader::TextReader(std::string path) : source_(std::move(path)), buffer_(buffer_bytes) {}

bool TextReader::next(std::string_view& line) {
  std::size_t searched = 0;  // bytes after begin_ that hold no line end
  for (;;) {
    const char* first = buffer_.data() + begin_;
    const std::size_t available = end_ - begin_;
    const void* found =
        available == searched ? nullptr : std::memchr(first + searched, '\n', available - searched);
    if (found != nullptr) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - first);
      line = std::string_view(first, length);
      begin_ += length + 1;
      break;
    }
    searched = available;
    if (!fill()) {
      if (begin_ == end_) return false;
      line = std::string_view(buffer_.data() + begin_, end_ - begin_);
      begin_ = end_;
      break;
    }
  }
  ++line_number_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

/// Moves the unread bytes to the front and reads more behind them.
bool TextReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) {
    ++line_number_;
    fail(
        fmt::format("the line is longer than {} bytes (this is not a text file of numbers) name "
                    "another file",
                    buffer_.size()));
  }
  const std::size_t got = source_.read(std::span(buffer_).subspan(end_));
  end_ += got;
  return got > 0;
}

void TextReader::fail(std::string_view problem) const {
  throw InputError(path(), line_number_, problem);
}

void Fields::skip_blanks() noexcept { rest_ = without_indent(rest_); }

bool Fields::empty() noexcept {
  skip_blanks();
  return rest_.empty();
}

template <class T>
T Fields::take(std::string_view what, std::string_view kind) {
  skip_blanks();
  std::string_view digits = rest_;
  if (digits.starts_with('+')) digits.remove_prefix(1);  // from_chars takes no plus sign
  T value{};
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::result_out_of_range) {
    reader_.fail(fmt::format("the {} '{}' is too large (it does not fit 64 bits) correct the file",
                             what, quote_word(rest_)));
  }
  if (error != std::errc{} || (stop != end && !is_blank(*stop))) fail_number(what, kind);
  rest_ = std::string_view(stop, static_cast<std::size_t>(end - stop));
  return value;
}

void Fields::fail_number(std::string_view what, std::string_view kind) const {
  if (rest_.empty()) {
    reader_.fail(fmt::format("the {} is missing (the line ends before it) correct the file", what));
  }
  reader_.fail(
      fmt::format("the {} '{}' is not {} (only digits and signs are read) correct the file", what,
                  quote_word(rest_), kind));
}

std::uint64_t Fields::take_unsigned(std::string_view what) {
  skip_blanks();
  if (rest_.starts_with('-')) {
    reader_.fail(
        fmt::format("the {} '{}' is negative (it counts or numbers something) correct the file",
                    what, quote_word(rest_)));
  }
  return take<std::uint64_t>(what, "a whole number");
}

std::int64_t Fields::take_integer(std::string_view what) {
  return take<std::int64_t>(what, "a whole number");
}

/// What is too large is infinite.
double Fields::take_any_real(std::string_view what) {
  skip_blanks();
  const std::string_view word =
      rest_.substr(0, std::min(rest_.find_first_of(" \t\r"), rest_.size()));
  const std::string_view digits = word.starts_with('+') ? word.substr(1) : word;
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::invalid_argument || stop != end) fail_number(what, "a number");
  // from_chars does not say whether it was too large or too near to 0.
  if (error != std::errc{}) value = std::strtod(std::string(digits).c_str(), nullptr);
  rest_.remove_prefix(word.size());
  return value;
}

double Fields::take_real(std::string_view what) {
  skip_blanks();
  const std::string_view word = rest_;
  const double value = take_any_real(what);
  const bool is_written_infinite = word.find_first_of("iI") < word.size() - rest_.size();
  if (std::isinf(value) && !is_written_infinite) {
    reader_.fail(
        fmt::format("the {} '{}' is too large (a number goes up to 1.8e308) correct the file", what,
                    quote_word(word)));
  }
  return value;
}

double Fields::take_weight() {
  skip_blanks();
  const std::string_view word = rest_;
  const double value = take_real("weight");
  const auto refuse = [&](std::string_view problem) {
    reader_.fail(fmt::format("the weight '{}' {}", quote_word(word), problem));
  };
  if (std::isnan(value)) refuse("is not a number (paths have lengths) correct the file");
  if (value < 0) {
    refuse("is negative (shortest paths are found for lengths of 0 and more) correct the file");
  }
  if (value > largest_weight) {
    refuse("is too large (sums of weights up to 2^990 cannot overflow) scale the weights down");
  }
  return value;
}

void Fields::skip_number(std::string_view what) { (void)take_any_real(what); }

void Fields::expect_end(std::string_view rule) {
  if (empty()) return;
  reader_.fail(fmt::format("unexpected '{}' ({}) correct the file", quote_word(rest_), rule));
}

std::string_view without_indent(std::string_view line) noexcept {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

std::string quote_word(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string word;
  for (const char c : text.substr(0, longest)) {
    if (is_blank(c)) break;
    word += c > ' ' && c <= '~' ? c : '?';
  }
  return word;
}

}  // namespace workloads
