#include "common/byte_source.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/input_error.hpp"

namespace workloads {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;
constexpr int gzip_window = 16 + MAX_WBITS;  // + 16: zlib expects gzip's header and trailer

bool starts_like_gzip(std::span<const char> bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

}  // namespace

void ByteSource::EndInflate::operator()(z_stream* stream) const noexcept {
  inflateEnd(stream);
  delete stream;
}

ByteSource::ByteSource(std::string path) : path_(std::move(path)), buffer_(buffer_bytes) {
  fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO must not block us
  if (fd_ < 0) {
    throw InputError(path_, fmt::format("cannot open the file ({}) name a matrix file that exists "
                                        "and can be read",
                                        std::strerror(errno)));
  }
  try {
    check_kind();
    refill();
    if (starts_like_gzip(unread_)) start_inflate();
  } catch (...) {
    ::close(fd_);  // the destructor does not run
    throw;
  }
}

ByteSource::~ByteSource() { ::close(fd_); }

void ByteSource::check_kind() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) {
    throw InputError(path_, fmt::format("cannot be examined ({})", std::strerror(errno)));
  }
  if (S_ISDIR(info.st_mode))
    throw InputError(path_, "is a directory (a matrix is one file) name a file in it");
  if (!S_ISREG(info.st_mode)) {
    throw InputError(path_,
                     "is not a regular file (it may be read twice) copy the data to a file first");
  }
}

void ByteSource::start_inflate() {
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), gzip_window) != Z_OK) {
    throw InputError(path_, "cannot be decompressed (zlib does not start) free some memory");
  }
  inflate_.reset(stream.release());
}

bool ByteSource::refill() {
  ssize_t got = 0;
  do {
    got = ::read(fd_, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    throw InputError(path_,
                     fmt::format("cannot be read ({}) check the disk", std::strerror(errno)));
  }
  unread_ = std::span<const char>(buffer_).first(static_cast<std::size_t>(got));
  return got > 0;
}

std::size_t ByteSource::read(std::span<char> out) {
  if (out.empty()) return 0;
  return inflate_ ? read_gzip(out) : read_plain(out);
}

std::size_t ByteSource::read_plain(std::span<char> out) {
  if (unread_.empty() && !refill()) return 0;
  const std::size_t count = std::min(out.size(), unread_.size());
  std::memcpy(out.data(), unread_.data(), count);
  unread_ = unread_.subspan(count);
  return count;
}

std::size_t ByteSource::read_gzip(std::span<char> out) {
  out = out.first(std::min(out.size(), std::size_t{1} << 30));  // zlib counts in 32 bits
  for (;;) {
    if (unread_.empty() && !refill()) {
      if (!in_member_) return 0;
      throw InputError(path_,
                       "the gzip data ends too early (the file is truncated) fetch it again");
    }
    if (!in_member_ && had_member_ && !begin_member()) continue;
    inflate_into(out);
    const std::size_t produced = out.size() - inflate_->avail_out;
    if (produced > 0) return produced;
  }
}

/// Skips padding between what was a member and what may be another.
/// \return false if no byte is left in the buffer
bool ByteSource::begin_member() {
  while (!unread_.empty() && unread_.front() == '\0') {
    unread_ = unread_.subspan(1);
    padded_ = true;
  }
  if (unread_.empty()) return false;
  if (!padded_) return true;
  throw InputError(
      path_, "the gzip data is damaged (zeros and then more data follow its end) fetch it again");
}

/// One step of zlib; leaves what does not fit in unread_.
void ByteSource::inflate_into(std::span<char> out) {
  z_stream& stream = *inflate_;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(unread_.data()));
  stream.avail_in = static_cast<uInt>(unread_.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = ::inflate(&stream, Z_NO_FLUSH);
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    throw InputError(path_, fmt::format("the gzip data is damaged (zlib: {}) fetch it again",
                                        stream.msg == nullptr ? zError(result) : stream.msg));
  }
  in_member_ = result != Z_STREAM_END;
  unread_ = unread_.last(stream.avail_in);
  if (result == Z_STREAM_END) {
    had_member_ = true;
    inflateReset(&stream);  // another member may follow; keeps avail_out
  }
}

}  // namespace workloads
