#include "arena/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy::arena {
namespace {

using wire::FrameHeader;

/// Smaller frames are not worth a decision.
constexpr std::size_t least_bytes = 512;

}  // namespace

void FrameWriter::store(std::byte* at, const FrameHeader& header,
                        std::span<const std::byte> body) noexcept {
  std::memcpy(at, &header, sizeof header);
  if (!body.empty()) std::memcpy(at + sizeof header, body.data(), body.size());
}

void FrameWriter::stream(std::byte* at, const FrameHeader& header,
                         std::span<const std::byte> body) noexcept {
  if constexpr (!has_streaming_stores) {
    store(at, header, body);
    return;
  }
  // Whole lines only: a line that is written in both ways is sent twice.
  alignas(stream_line_bytes) std::array<std::byte, stream_line_bytes> line{};
  std::memcpy(line.data(), &header, sizeof header);
  const std::size_t beside_header = std::min(body.size(), stream_line_bytes - sizeof header);
  if (beside_header != 0) std::memcpy(line.data() + sizeof header, body.data(), beside_header);
  stream_line(at, line.data());
  for (body = body.subspan(beside_header); !body.empty();) {
    at += stream_line_bytes;
    if (body.size() >= stream_line_bytes) {
      stream_line(at, body.data());
      body = body.subspan(stream_line_bytes);
      continue;
    }
    line = {};
    std::memcpy(line.data(), body.data(), body.size());
    stream_line(at, line.data());
    body = {};
  }
  order_streamed_lines();
}

void FrameWriter::write(std::byte* at, const FrameHeader& header,
                        std::span<const std::byte> body) noexcept {
  if (body.size() < least_bytes) return store(at, header, body);
  const CopyChooser::Choice choice = chooser_.next();
  const std::uint64_t start = choice.timed ? monotonic_ns() : 0;
  if (choice.way == CopyChooser::Way::stream) {
    stream(at, header, body);
  } else {
    store(at, header, body);
  }
  if (choice.timed) chooser_.took(choice.way, body.size(), monotonic_ns() - start);
}

}  // namespace buddy::arena
