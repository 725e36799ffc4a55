#include "measure/cache/cache_level.hpp"

#include <algorithm>

#include "base/contract.hpp"

namespace buddy::measure {

CacheLevel::CacheLevel(const CacheShape& shape)
    : sets_(shape.sets()),
      ways_(shape.ways),
      numbers_(sets_ * ways_, no_line),
      used_(sets_ * ways_, 0) {
  BUDDY_EXPECT(!numbers_.empty());
}

std::size_t CacheLevel::find(std::uint64_t line) const noexcept {
  const std::size_t first = first_way(line);
  for (std::size_t way = first; way != first + ways_; ++way) {
    if (numbers_[way] == line) return way;
  }
  return nowhere;
}

bool CacheLevel::touch(std::uint64_t line) noexcept {
  const std::size_t way = find(line);
  if (way == nowhere) return false;
  used_[way] = 2 * ++clock_ + used_[way] % 2;
  return true;
}

void CacheLevel::make_dirty(std::uint64_t line) noexcept {
  const std::size_t way = find(line);
  BUDDY_EXPECT(way != nowhere);
  used_[way] |= 1;
}

std::optional<CacheLevel::Line> CacheLevel::insert(const Line& line, std::uint32_t ways) noexcept {
  BUDDY_EXPECT(!contains(line.number));
  const std::uint32_t allowed = ways == 0 ? ways_ : std::min(ways, ways_);
  const std::size_t first = first_way(line.number);
  std::size_t oldest = first;
  for (std::size_t way = first + 1; way < first + allowed; ++way) {
    if (used_[way] < used_[oldest]) oldest = way;
  }
  std::optional<Line> evicted;
  if (used_[oldest] != 0) evicted = Line{numbers_[oldest], used_[oldest] % 2 != 0};
  numbers_[oldest] = line.number;
  used_[oldest] = 2 * ++clock_ + (line.dirty ? 1 : 0);
  return evicted;
}

std::optional<CacheLevel::Line> CacheLevel::remove(std::uint64_t line) noexcept {
  const std::size_t way = find(line);
  if (way == nowhere) return std::nullopt;
  const Line removed{line, used_[way] % 2 != 0};
  numbers_[way] = no_line;
  used_[way] = 0;
  return removed;
}

}  // namespace buddy::measure
