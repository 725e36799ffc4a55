// The shared-memory page in which an agent counts. Layout in docs/formats/counters.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "arena/failure_note.hpp"
#include "arena/rank_slot.hpp"
#include "arena/shm_file.hpp"
#include "base/counters.hpp"

namespace buddy::arena {

/// First bytes of a file named `counters-<agent>` in a job directory.
struct CounterPage {
  static constexpr std::uint64_t magic_value = 0x3152544e43445542;  // "BUDCNTR1"
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t counters = 0;  ///< entries in the table
  std::uint32_t pid = 0;       ///< of the process that steps the agent
  std::uint32_t agent = 0;
  std::uint32_t node = 0;
  std::uint32_t embedded = 0;  ///< 1: inside a rank (host placement)
  std::uint32_t ranks = 0;     ///< of the job
  std::uint32_t local_ranks = 0;
  std::uint64_t start_ns = 0;  ///< CLOCK_MONOTONIC when it was made
  CounterTable table;
};

inline constexpr std::uint32_t counter_page_version = 4;

/// Behind the page: why the job has failed, then a slot for each local rank.
inline constexpr std::size_t failure_note_offset =
    (sizeof(CounterPage) + alignof(FailureNote) - 1) / alignof(FailureNote) * alignof(FailureNote);
inline constexpr std::size_t rank_slots_offset = failure_note_offset + sizeof(FailureNote);
static_assert(rank_slots_offset % alignof(RankSlot) == 0);
inline constexpr std::size_t counter_file_bytes(std::size_t local_ranks) {
  return rank_slots_offset + local_ranks * sizeof(RankSlot);
}
/// \pre the file has counter_file_bytes(0)
inline FailureNote& failure_note(std::span<std::byte> file) {
  return *reinterpret_cast<FailureNote*>(file.data() + failure_note_offset);
}
/// \pre the file has counter_file_bytes(local_ranks)
inline std::span<RankSlot> rank_slots(std::span<std::byte> file, std::size_t local_ranks) {
  return {reinterpret_cast<RankSlot*>(file.data() + rank_slots_offset), local_ranks};
}

/// Owner's mapping. Threads: the agent's.
class CounterFile {
 public:
  static Result<CounterFile> create(const std::string& path, std::uint32_t local_ranks) {
    auto file = ShmFile::create(path, counter_file_bytes(local_ranks));
    if (!file.ok()) return file.status();
    return CounterFile(std::move(file.value()), local_ranks);
  }
  CounterPage& page() const noexcept {
    return *reinterpret_cast<CounterPage*>(file_.bytes().data());
  }
  std::span<RankSlot> slots() const noexcept {
    return rank_slots(file_.bytes(), page().local_ranks);
  }
  FailureNote& failure() const noexcept { return failure_note(file_.bytes()); }
  const std::string& path() const noexcept { return file_.path(); }
  void unlink() noexcept { file_.unlink(); }

 private:
  CounterFile(ShmFile file, std::uint32_t local_ranks) : file_(std::move(file)) {
    page().magic = CounterPage::magic_value;
    page().version = counter_page_version;
    page().counters = counter_count;
    page().local_ranks = local_ranks;
  }
  ShmFile file_;
};

}  // namespace buddy::arena
