// Messages of the handshake as bytes of a stream. Layout in docs/formats/handshake.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/status.hpp"
#include "transport/control/handshake.hpp"

namespace buddy::transport {

/// Longest content of a message.
inline constexpr std::uint32_t max_message_bytes = 16u << 20;
/// Longest content of a greeting: nobody has said more before the key is checked.
inline constexpr std::uint32_t max_greeting_bytes = 4096;

/// A message with its header.
std::vector<std::byte> encode(const Message& message);

/// Puts a message together from the pieces in which a stream delivers it, however small they are.
/// Never takes a byte of the next message along. Memory grows with what has come, not with what a
/// header claims. After an error the stream cannot be read on.
/// Threads: one at a time.
class MessageReader {
 public:
  /// Where the next bytes of the message go; at least one, at most 64 KiB.
  std::span<std::byte> room();
  /// \p bytes have been written to the beginning of room().
  /// \return the message if it is whole now. Errors: corrupt (too long, of no known kind, or its
  /// content is not exactly one message).
  Result<std::optional<Message>> advance(std::size_t bytes);
  /// Content longer than this is an error; of the messages whose header has not come yet.
  void limit_content(std::uint32_t bytes) noexcept { limit_ = bytes; }

 private:
  static constexpr std::size_t head_bytes = 8;

  std::array<std::byte, head_bytes> head_{};
  std::vector<std::byte> content_;
  std::size_t have_ = 0;  ///< bytes of header and content
  std::uint32_t limit_ = max_message_bytes;
};

}  // namespace buddy::transport
