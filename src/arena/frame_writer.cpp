#include "arena/frame_writer.hpp"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/clock.hpp"

namespace buddy::arena {
namespace {

using wire::FrameHeader;

/// Smaller frames are not worth a decision.
constexpr std::size_t least_bytes = 512;

#if defined(__SSE2__)

constexpr std::size_t line_bytes = 64;

/// \pre \p to is 64-aligned
void stream_line(std::byte* to, const std::byte* from) noexcept {
  for (std::size_t i = 0; i < line_bytes; i += sizeof(__m128i)) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), part);
  }
}

#endif

}  // namespace

void FrameWriter::store(std::byte* at, const FrameHeader& header,
                        std::span<const std::byte> body) noexcept {
  std::memcpy(at, &header, sizeof header);
  if (!body.empty()) std::memcpy(at + sizeof header, body.data(), body.size());
}

void FrameWriter::stream(std::byte* at, const FrameHeader& header,
                         std::span<const std::byte> body) noexcept {
#if defined(__SSE2__)
  // Whole lines only: a line that is written in both ways is sent twice.
  alignas(line_bytes) std::byte line[line_bytes] = {};  // NOLINT(modernize-avoid-c-arrays)
  std::memcpy(line, &header, sizeof header);
  const std::size_t beside_header = std::min(body.size(), line_bytes - sizeof header);
  if (beside_header != 0) std::memcpy(line + sizeof header, body.data(), beside_header);
  stream_line(at, line);
  for (body = body.subspan(beside_header); !body.empty();) {
    at += line_bytes;
    if (body.size() >= line_bytes) {
      stream_line(at, body.data());
      body = body.subspan(line_bytes);
      continue;
    }
    std::memset(line, 0, line_bytes);
    std::memcpy(line, body.data(), body.size());
    stream_line(at, line);
    body = {};
  }
  // Streaming stores are not ordered by a release store; this orders them. It is an instruction for
  // these stores alone, not a fence between threads, so that ThreadSanitizer misses nothing.
  _mm_sfence();
#else
  store(at, header, body);
#endif
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
