// The caches between an engine's core, the network and DRAM.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.hpp"
#include "measure/cache/cache_level.hpp"

namespace buddy::measure {

/// What the last level holds besides its own: a copy of everything above it, or what was evicted
/// from above and nothing else.
enum class LastLevel { inclusive, exclusive };

/// How the frames of local ranks come into the engine's memory: by DMA over PCIe, as from a host
/// to its DPU, or by another core of the same machine, whose last level keeps them.
enum class Links { dma, cores };

struct CacheOptions {
  /// First those of the core, each a superset of the one before; the last is shared with devices.
  std::vector<CacheShape> levels;
  LastLevel last_level = LastLevel::inclusive;
  Links links = Links::dma;
  std::uint32_t dca_ways = 0;  ///< of the last level, for inbound writes that miss; 0: all
  bool dca = true;             ///< inbound writes go to the last level; false: to DRAM
};

/// Presets by name: sizes, and where they come from in docs/design/dca.md.
/// Errors: invalid_argument naming those that exist.
Result<CacheOptions> cache_preset(std::string_view name);

/// Errors: invalid_argument, for shapes that no cache can have.
Status check(const CacheOptions& options);

/// Everything in bytes but the misses, which are lines.
struct Traffic {
  std::uint64_t dram_read_bytes = 0;
  std::uint64_t dram_write_bytes = 0;
  std::uint64_t first_read_bytes = 0;  ///< of those read: lines seen for the first time
  std::vector<std::uint64_t> misses;   ///< of the core's accesses, by level

  std::uint64_t dram_bytes() const noexcept { return dram_read_bytes + dram_write_bytes; }
};

/// Write-back, write-allocate, least recently used first. One core, and devices beside it.
///
/// Inbound writes invalidate the core's copies. With DCA they update the last level, or allocate
/// there; without, they go to DRAM. A line that is written in part and lies in no cache is read
/// first. Outbound reads are served by a cache that has the line, else by DRAM, and change nothing.
/// Counts DRAM traffic until now: dirty lines that are still cached at the end have not reached it.
/// Not modelled: prefetching, streaming stores, instruction fetches, what other programs evict.
/// Invariants: with an inclusive last level every line of a level is in all below it; with an
/// exclusive one no line is both there and above.
/// Threads: one.
class CacheModel {
 public:
  /// \pre check(options).ok()
  explicit CacheModel(const CacheOptions& options);

  void read(std::uint64_t address, std::uint64_t bytes) { access(address, bytes, false); }
  void write(std::uint64_t address, std::uint64_t bytes) { access(address, bytes, true); }
  /// A device writes.
  void inbound(std::uint64_t address, std::uint64_t bytes);
  /// Another core writes, and its copy ends up in the last level.
  void neighbour_write(std::uint64_t address, std::uint64_t bytes);
  /// A device reads.
  void outbound(std::uint64_t address, std::uint64_t bytes);

  const Traffic& traffic() const noexcept { return traffic_; }

 private:
  void access(std::uint64_t address, std::uint64_t bytes, bool writes);
  void access_line(std::uint64_t line, bool writes);
  /// Finds \p line below the levels that missed it, and takes it out of an exclusive last level.
  /// \return whether it comes dirty
  bool fetch(std::uint64_t line, std::size_t& missed);
  void fill(std::size_t level, const CacheLevel::Line& line);
  void evicted_from(std::size_t level, CacheLevel::Line line);
  void put_in_last(const CacheLevel::Line& line, std::uint32_t ways);
  void inbound_line(std::uint64_t line, bool whole);
  /// Takes \p line out of the levels of the core. \return whether a copy was dirty
  bool take_from_core(std::uint64_t line, bool& found);
  bool cached(std::uint64_t line) const;
  /// \return whether \p line was never read from DRAM and never came in before
  bool is_new(std::uint64_t line);
  void read_dram(std::uint64_t line);
  void write_dram() { traffic_.dram_write_bytes += cache_line_bytes; }
  bool exclusive() const noexcept { return options_.last_level == LastLevel::exclusive; }
  std::size_t last() const noexcept { return levels_.size() - 1; }

  CacheOptions options_;
  std::vector<CacheLevel> levels_;
  std::unordered_map<std::uint64_t, std::uint64_t> known_;  ///< lines seen, a bit each, 64 together
  Traffic traffic_;
};

}  // namespace buddy::measure
