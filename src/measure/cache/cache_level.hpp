// One level of a modelled cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace buddy::measure {

inline constexpr std::uint64_t cache_line_bytes = 64;

/// Shapes: size_bytes is a multiple of ways x 64; the number of sets need not be a power of two.
struct CacheShape {
  std::uint64_t size_bytes = 0;
  std::uint32_t ways = 0;

  std::uint64_t sets() const noexcept {
    return size_bytes / (std::uint64_t{ways} * cache_line_bytes);
  }
  friend bool operator==(const CacheShape&, const CacheShape&) = default;
};

/// Set-associative, least recently used goes first. Lines are numbers: address / 64.
/// Invariants: a line is in at most one way; of a set's lines, the one that was longest not
/// touched is evicted, and none as long as a way is free.
/// Threads: one.
class CacheLevel {
 public:
  struct Line {
    std::uint64_t number = 0;
    bool dirty = false;
    friend bool operator==(const Line&, const Line&) = default;
  };

  /// \pre shape.sets() > 0 and shape.ways > 0
  explicit CacheLevel(const CacheShape& shape);

  bool contains(std::uint64_t line) const noexcept { return find(line) != nowhere; }
  /// Makes \p line the most recently used one. \return false if it is not here
  bool touch(std::uint64_t line) noexcept;
  /// \pre contains(line)
  void make_dirty(std::uint64_t line) noexcept;
  /// Puts \p line in as the most recently used one of its set.
  /// \param ways only the first so many may take it; 0: all
  /// \pre !contains(line.number)
  /// \return what had to go
  std::optional<Line> insert(const Line& line, std::uint32_t ways = 0) noexcept;
  /// Takes \p line out. \return it, if it was here
  std::optional<Line> remove(std::uint64_t line) noexcept;

 private:
  static constexpr std::size_t nowhere = ~std::size_t{0};
  static constexpr std::uint64_t no_line = ~std::uint64_t{0};  ///< in a free way

  /// \return the way that holds \p line, or nowhere
  std::size_t find(std::uint64_t line) const noexcept;
  std::size_t first_way(std::uint64_t line) const noexcept {
    return static_cast<std::size_t>(line % sets_) * ways_;
  }

  std::uint64_t sets_;
  std::uint32_t ways_;
  std::uint64_t clock_ = 0;
  // Two arrays, because most ways are only ever looked at for their numbers.
  std::vector<std::uint64_t> numbers_;  ///< by set and way
  std::vector<std::uint64_t> used_;     ///< when, times 2, and 1 if dirty; 0 in a free way
};

}  // namespace buddy::measure
