// A number that stands for what it was made of, where two processes compare it.
#pragma once

#include <cstdint>
#include <string_view>

namespace buddy {

/// Two values have the same digest by chance once in 2^64. Somebody who wants it can make such two:
/// it proves nothing. The same on all machines.
/// Source: FNV-1a, 64 bits.
class Digest {
 public:
  /// \p text and where it ends.
  Digest& add(std::string_view text) noexcept {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0);
    return *this;
  }
  Digest& add(std::uint64_t number) noexcept {
    for (int shift = 0; shift < 64; shift += 8) {
      add_byte(static_cast<unsigned char>(number >> shift & 0xff));
    }
    return *this;
  }
  std::uint64_t value() const noexcept { return value_; }

 private:
  void add_byte(unsigned char byte) noexcept { value_ = (value_ ^ byte) * 0x100000001b3u; }

  std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace buddy
