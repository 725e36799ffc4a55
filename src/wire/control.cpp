#include "wire/control.hpp"

#include <algorithm>

namespace buddy::wire {

namespace {
constexpr std::size_t max_text_bytes = 1000;
}

std::vector<std::byte> encode_failure(const Status& status) {
  const std::string& text = status.message();
  const std::size_t length = std::min(text.size(), max_text_bytes);
  std::vector<std::byte> body(sizeof(FailureHeader) + length);
  store(body.data(), FailureHeader{static_cast<std::uint32_t>(status.code()),
                                   static_cast<std::uint32_t>(length)});
  std::memcpy(body.data() + sizeof(FailureHeader), text.data(), length);
  return body;
}

std::optional<Status> read_failure(std::span<const std::byte> body) {
  if (body.size() < sizeof(FailureHeader)) return std::nullopt;
  const auto header = load<FailureHeader>(body.data());
  const auto last = static_cast<std::uint32_t>(ErrorCode::timeout);
  if (header.code == 0 || header.code > last || header.text_bytes > max_text_bytes ||
      header.text_bytes != body.size() - sizeof(FailureHeader)) {
    return std::nullopt;
  }
  std::string text(header.text_bytes, '\0');
  std::memcpy(text.data(), body.data() + sizeof(FailureHeader), text.size());
  return Status(static_cast<ErrorCode>(header.code), std::move(text));
}

Status decode_failure(std::span<const std::byte> body) {
  return read_failure(body).value_or(
      Status(ErrorCode::corrupt,
             "a failure notice is damaged (its size is wrong) look at the other ranks' messages"));
}

}  // namespace buddy::wire
