// The bytes of a file, plain or gzip.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace workloads {

/// Reads a regular file from its beginning to its end; decompresses it if it starts like gzip,
/// whatever its name. Files of several gzip members are read as one.
/// Zeros behind the last member are padding, as of files that were on a tape.
/// Not gzread(): it drops whatever follows a member and is not another one, be it a member whose
/// header is damaged. This insists on every member's end and refuses what is left over.
/// Memory: one buffer of 256 KiB and zlib's window. Errors: InputError.
class ByteSource {
 public:
  explicit ByteSource(std::string path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// \return bytes written to \p out, 0 at the end of the data
  std::size_t read(std::span<char> out);
  const std::string& path() const noexcept { return path_; }

 private:
  struct EndInflate {
    void operator()(z_stream* stream) const noexcept;
  };

  void check_kind() const;
  void start_inflate();
  bool refill();
  std::size_t read_plain(std::span<char> out);
  std::size_t read_gzip(std::span<char> out);
  bool begin_member();
  void inflate_into(std::span<char> out);

  std::string path_;
  int fd_ = -1;
  std::vector<char> buffer_;                       ///< bytes of the file
  std::span<const char> unread_;                   ///< the part of buffer_ that is not used up
  std::unique_ptr<z_stream, EndInflate> inflate_;  ///< null for plain files
  bool padded_ = false;                            ///< zeros followed a member
  bool had_member_ = false;                        ///< a whole one was read
  bool in_member_ = false;                         ///< a gzip member has begun and not ended
};

}  // namespace workloads
