#include "measure/cache/cache_model.hpp"

#include <algorithm>

#include "base/contract.hpp"

namespace buddy::measure {
namespace {

/// Calls \p visit(line, whole) for every line of a range; whole: all of its bytes are in it.
template <class Visit>
void for_each_line(std::uint64_t address, std::uint64_t bytes, Visit visit) {
  if (bytes == 0) return;
  const std::uint64_t end = address + bytes;
  for (std::uint64_t line = address / cache_line_bytes; line * cache_line_bytes < end; ++line) {
    const std::uint64_t start = line * cache_line_bytes;
    visit(line, start >= address && start + cache_line_bytes <= end);
  }
}

}  // namespace

CacheModel::CacheModel(const CacheOptions& options) : options_(options) {
  for (const CacheShape& shape : options.levels) levels_.emplace_back(shape);
  traffic_.misses.assign(levels_.size(), 0);
}

// ---- the core -------------------------------------------------------------------------------

void CacheModel::access(std::uint64_t address, std::uint64_t bytes, bool writes) {
  for_each_line(address, bytes, [&](std::uint64_t line, bool) { access_line(line, writes); });
}

void CacheModel::access_line(std::uint64_t line, bool writes) {
  std::size_t missed = 0;
  const bool dirty = fetch(line, missed);
  // From the level below the core's upwards, so that each finds its copy below.
  const std::size_t outermost = exclusive() ? std::min(missed, last()) : missed;
  for (std::size_t level = outermost; level-- > 0;) {
    // What an exclusive last level gave up dirty has its only copy below the core's first level.
    fill(level, {line, dirty && level + 1 == outermost});
  }
  if (writes) levels_[0].make_dirty(line);
}

bool CacheModel::fetch(std::uint64_t line, std::size_t& missed) {
  for (missed = 0; missed < levels_.size(); ++missed) {
    if (exclusive() && missed == last() && missed != 0) {
      if (const auto taken = levels_[missed].remove(line)) return taken->dirty;
    } else if (levels_[missed].touch(line)) {
      return false;
    }
    ++traffic_.misses[missed];
  }
  read_dram(line);
  return false;
}

void CacheModel::fill(std::size_t level, const CacheLevel::Line& line) {
  if (const auto evicted = levels_[level].insert(line)) evicted_from(level, *evicted);
}

void CacheModel::evicted_from(std::size_t level, CacheLevel::Line line) {
  // Nothing above may keep what is gone here.
  if (!exclusive() || level != last()) {
    for (std::size_t above = 0; above < level; ++above) {
      if (const auto copy = levels_[above].remove(line.number)) line.dirty |= copy->dirty;
    }
  }
  if (level == last()) {
    if (line.dirty) write_dram();
  } else if (exclusive() && level + 1 == last()) {
    put_in_last(line, 0);
  } else if (line.dirty) {
    levels_[level + 1].make_dirty(line.number);
  }
}

void CacheModel::put_in_last(const CacheLevel::Line& line, std::uint32_t ways) {
  if (levels_[last()].touch(line.number)) {
    if (line.dirty) levels_[last()].make_dirty(line.number);
    return;
  }
  if (const auto evicted = levels_[last()].insert(line, ways)) evicted_from(last(), *evicted);
}

// ---- devices and neighbours -----------------------------------------------------------------

bool CacheModel::take_from_core(std::uint64_t line, bool& found) {
  bool dirty = false;
  for (std::size_t level = 0; level < last(); ++level) {
    if (const auto copy = levels_[level].remove(line)) {
      found = true;
      dirty = dirty || copy->dirty;
    }
  }
  return dirty;
}

bool CacheModel::cached(std::uint64_t line) const {
  return std::any_of(levels_.begin(), levels_.end(),
                     [&](const CacheLevel& level) { return level.contains(line); });
}

void CacheModel::inbound_line(std::uint64_t line, bool whole) {
  bool found = false;
  bool dirty = take_from_core(line, found);
  if (options_.dca) {
    if (!whole && !found && !levels_[last()].contains(line)) read_dram(line);
    is_new(line);
    put_in_last({line, true}, options_.dca_ways);
    return;
  }
  if (const auto copy = levels_[last()].remove(line)) dirty = dirty || copy->dirty;
  is_new(line);
  // What the write does not cover must not be lost.
  if (dirty && !whole) write_dram();
  write_dram();
}

void CacheModel::inbound(std::uint64_t address, std::uint64_t bytes) {
  for_each_line(address, bytes, [&](std::uint64_t line, bool whole) { inbound_line(line, whole); });
}

void CacheModel::neighbour_write(std::uint64_t address, std::uint64_t bytes) {
  for_each_line(address, bytes, [&](std::uint64_t line, bool) {
    bool found = false;
    is_new(line);
    take_from_core(line, found);
    put_in_last({line, true}, 0);
  });
}

void CacheModel::outbound(std::uint64_t address, std::uint64_t bytes) {
  for_each_line(address, bytes, [&](std::uint64_t line, bool) {
    if (!cached(line)) read_dram(line);
  });
}

bool CacheModel::is_new(std::uint64_t line) {
  std::uint64_t& seen = known_[line / 64];
  const std::uint64_t bit = std::uint64_t{1} << line % 64;
  const bool fresh = (seen & bit) == 0;
  seen |= bit;
  return fresh;
}

void CacheModel::read_dram(std::uint64_t line) {
  traffic_.dram_read_bytes += cache_line_bytes;
  if (is_new(line)) traffic_.first_read_bytes += cache_line_bytes;
}

}  // namespace buddy::measure
