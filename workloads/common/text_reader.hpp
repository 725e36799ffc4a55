// Lines of a file, and the numbers on a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/byte_source.hpp"

namespace workloads {

/// Reads a text file line by line through one buffer. Line ends are LF or CR LF; the last line
/// needs none. Errors: InputError, also for a line longer than the buffer (1 MiB).
class TextReader {
 public:
  explicit TextReader(std::string path);

  /// The next line, valid until the next call, without its end. \return false at the end of file
  bool next(std::string_view& line);
  /// Number of the line that next() returned, from 1; 0 before the first.
  std::uint64_t line_number() const noexcept { return line_number_; }
  const std::string& path() const noexcept { return source_.path(); }

  /// Throws InputError about the present line.
  [[noreturn]] void fail(std::string_view problem) const;

 private:
  bool fill();

  ByteSource source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what is not returned yet, in buffer_
  std::size_t end_ = 0;
  std::uint64_t line_number_ = 0;
};

/// Takes numbers off the front of a line. What is missing or wrong is an InputError.
class Fields {
 public:
  Fields(const TextReader& reader, std::string_view line) : reader_(reader), rest_(line) {}

  /// \return true when only blanks are left
  bool empty() noexcept;
  /// A whole number in 0 .. 2^64-1. \param what names it in messages, as in "row"
  std::uint64_t take_unsigned(std::string_view what);
  std::int64_t take_integer(std::string_view what);
  /// Nearer to 0 than a double can be is 0, or the nearest there is.
  double take_real(std::string_view what);
  /// The length of an edge: see Values::weights.
  double take_weight();
  /// A number of any size that nobody needs.
  void skip_number(std::string_view what);
  /// Fails unless the line is used up. \param rule says what belongs on the line
  void expect_end(std::string_view rule);

 private:
  template <class T>
  T take(std::string_view what, std::string_view kind);
  double take_any_real(std::string_view what);
  void skip_blanks() noexcept;
  [[noreturn]] void fail_number(std::string_view what, std::string_view kind) const;

  const TextReader& reader_;
  std::string_view rest_;
};

/// \p line from its first character that is no blank.
std::string_view without_indent(std::string_view line) noexcept;

/// The first word of \p text for an error message: at most 40 printable characters.
std::string quote_word(std::string_view text);

}  // namespace workloads
