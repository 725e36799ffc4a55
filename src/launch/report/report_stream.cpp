#include "launch/report/report_stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/peer_timeout.hpp"

namespace buddy::launch {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= std::uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  }
  return value;
}

}  // namespace

void ReportStream::broken(int error) noexcept {
  state_ = means_silence(error) ? State::vanished : State::closed;
  socket_.reset();
}

void ReportStream::close() noexcept {
  state_ = State::closed;
  socket_.reset();
}

void ReportStream::receive() {
  std::array<char, 65536> part{};
  // Not without end: a caller that sends without pause must not keep the others waiting.
  for (int turn = 0; turn < 16 && state_ == State::open && !ended_; ++turn) {
    const ssize_t got = recv(socket_.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (got > 0) {
      in_.append(part.data(), static_cast<std::size_t>(got));
    } else if (got == 0) {
      ended_ = true;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR) {
      // What arrived before is still read.
      const int error = errno;
      if (in_.size() - read_ < report_header_bytes) return broken(error);
      ended_ = true;
    }
  }
}

std::optional<report::Message> ReportStream::next(std::size_t limit) {
  const std::string_view rest = std::string_view(in_).substr(read_);
  if (rest.size() >= report_header_bytes) {
    const std::size_t length = number_at(rest, 0);
    if (length > limit) {
      close();
      return std::nullopt;
    }
    if (rest.size() >= report_header_bytes + length) {
      auto message = report::decode(number_at(rest, 4), rest.substr(report_header_bytes, length));
      read_ += report_header_bytes + length;
      if (!message) close();
      return message;
    }
  }
  in_.erase(0, read_);
  read_ = 0;
  if (ended_ && state_ == State::open) close();
  return std::nullopt;
}

void ReportStream::send(report::Message message) {
  if (state_ != State::open) return;
  out_ += report::encode(std::move(message));
  flush();
}

bool ReportStream::flush() {
  while (state_ == State::open && !out_.empty()) {
    const ssize_t sent =
        ::send(socket_.get(), out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      out_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return true;
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return false;  // what the other side has said before is still read
    } else if (errno != EINTR) {
      broken(errno);
    }
  }
  return false;
}

}  // namespace buddy::launch
