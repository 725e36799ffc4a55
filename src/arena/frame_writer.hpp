// Writes frames into memory that another core reads.
#pragma once

#include <cstddef>
#include <span>

#include "arena/copy_chooser.hpp"
#include "wire/frame.hpp"

namespace buddy::arena {

/// Copies header and body to where the other core will read them, in the way that is the cheaper
/// one just now.
/// Shapes: \p at is 64-aligned and has room up to the next multiple of 64 bytes.
/// The bytes are written, in the sense of what a release store after it publishes, on return.
/// Threads: one.
class FrameWriter {
 public:
  void write(std::byte* at, const wire::FrameHeader& header,
             std::span<const std::byte> body) noexcept;

  static void store(std::byte* at, const wire::FrameHeader& header,
                    std::span<const std::byte> body) noexcept;
  /// The same bytes by streaming stores where the processor has them; zeroes up to the next
  /// multiple of 64.
  static void stream(std::byte* at, const wire::FrameHeader& header,
                     std::span<const std::byte> body) noexcept;

 private:
  CopyChooser chooser_;
};

}  // namespace buddy::arena
