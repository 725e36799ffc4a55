// A cache as the textbook draws it: lists of lines, no arrays, no clocks. Slow, and independent of
// the model that it checks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "measure/cache/cache_model.hpp"

namespace buddy::measure::test {

/// A set is a list, most recently used first.
class ListCache {
 public:
  explicit ListCache(const CacheShape& shape) : shape_(shape) {}

  bool has(std::uint64_t line) { return where(line) != set(line).end(); }
  void use(std::uint64_t line) {
    auto& lines = set(line);
    lines.splice(lines.begin(), lines, where(line));
  }
  void soil(std::uint64_t line) { where(line)->dirty = true; }
  std::optional<CacheLevel::Line> add(const CacheLevel::Line& line) {
    auto& lines = set(line.number);
    lines.push_front(line);
    if (lines.size() <= shape_.ways) return std::nullopt;
    const CacheLevel::Line gone = lines.back();
    lines.pop_back();
    return gone;
  }
  std::optional<CacheLevel::Line> take(std::uint64_t line) {
    const auto it = where(line);
    if (it == set(line).end()) return std::nullopt;
    const CacheLevel::Line found = *it;
    set(line).erase(it);
    return found;
  }
  std::vector<CacheLevel::Line> all() const {
    std::vector<CacheLevel::Line> lines;
    for (const auto& [number, one] : sets_) lines.insert(lines.end(), one.begin(), one.end());
    return lines;
  }

 private:
  std::list<CacheLevel::Line>& set(std::uint64_t line) { return sets_[line % shape_.sets()]; }
  std::list<CacheLevel::Line>::iterator where(std::uint64_t line) {
    auto& lines = set(line);
    return std::find_if(lines.begin(), lines.end(),
                        [line](const auto& each) { return each.number == line; });
  }

  CacheShape shape_;
  std::map<std::uint64_t, std::list<CacheLevel::Line>> sets_;
};

/// Two levels, the last inclusive or exclusive; whole lines only, all ways for inbound writes.
class TwoLevels {
 public:
  explicit TwoLevels(const CacheOptions& options)
      : options_(options), core_(options.levels[0]), last_(options.levels[1]) {}

  void access(std::uint64_t line, bool writes) {
    options_.last_level == LastLevel::exclusive ? access_exclusive(line) : access_inclusive(line);
    if (writes) core_.soil(line);
  }
  void inbound(std::uint64_t line) {
    core_.take(line);
    last_.take(line);
    if (options_.dca) {
      drop_from_last(last_.add({line, true}));
    } else {
      ++dram_writes;
    }
  }
  void outbound(std::uint64_t line) {
    if (!core_.has(line) && !last_.has(line)) ++dram_reads;
  }
  /// Dirty lines that have not reached DRAM, each once.
  std::uint64_t dirty() {
    std::map<std::uint64_t, bool> lines;
    for (const auto& line : core_.all()) lines[line.number] |= line.dirty;
    for (const auto& line : last_.all()) lines[line.number] |= line.dirty;
    return static_cast<std::uint64_t>(
        std::count_if(lines.begin(), lines.end(), [](const auto& each) { return each.second; }));
  }

  std::uint64_t dram_reads = 0;   ///< lines
  std::uint64_t dram_writes = 0;  ///< lines
  std::uint64_t core_misses = 0;
  std::uint64_t last_misses = 0;

 private:
  void access_inclusive(std::uint64_t line) {
    if (core_.has(line)) return core_.use(line);
    ++core_misses;
    if (last_.has(line)) {
      last_.use(line);
    } else {
      ++last_misses;
      ++dram_reads;
      drop_from_last(last_.add({line, false}));
    }
    const auto gone = core_.add({line, false});
    if (gone && gone->dirty) last_.soil(gone->number);
  }
  void access_exclusive(std::uint64_t line) {
    if (core_.has(line)) return core_.use(line);
    ++core_misses;
    auto found = last_.take(line);
    if (!found) {
      ++last_misses;
      ++dram_reads;
      found = CacheLevel::Line{line, false};
    }
    if (const auto gone = core_.add(*found)) drop_from_last(last_.add(*gone));
  }
  void drop_from_last(const std::optional<CacheLevel::Line>& gone) {
    if (!gone) return;
    bool dirty = gone->dirty;
    if (options_.last_level == LastLevel::inclusive) {
      if (const auto copy = core_.take(gone->number)) dirty = dirty || copy->dirty;
    }
    if (dirty) ++dram_writes;
  }

  CacheOptions options_;
  ListCache core_;
  ListCache last_;
};

}  // namespace buddy::measure::test
