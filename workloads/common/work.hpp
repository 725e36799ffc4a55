// Extra work per message, the same knob in all workloads: --work.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>

#include "common/command_line.hpp"
#include "common/details.hpp"
#include "common/huge_pages.hpp"
#include "common/random.hpp"

namespace workloads {

struct WorkOptions {
  std::uint64_t units = 0;                                ///< per message
  std::uint64_t memory_bytes = std::uint64_t{64} << 20U;  ///< of each rank, that it happens in
};

/// Adds --work and --work-memory to \p app; \p options must outlive the parsing.
void add_work(CommandLine& app, WorkOptions& options);

/// Does work on a memory of its own, which stands for what a program does with a message.
/// A unit reads the 64-byte line at a random place, changes it, and takes the next place from what
/// it read: one cache line of traffic in both directions if the memory exceeds the caches, some ten
/// instructions, and no two units of a message at a time. Units of different messages may overlap.
/// The answer of the program does not depend on it, but lines count their units, so that whether
/// the work was done can be checked.
/// Threads: the rank's. Cost without units: a load and a compare.
class Work {
 public:
  /// Takes its memory only if there are units to do, and writes to all of it.
  explicit Work(const WorkOptions& options = {});

  /// What belongs to one message. \param key anything that differs between messages
  void operator()(std::uint64_t key) noexcept {
    if (units_ > 0) do_units(key);
  }
  std::uint64_t units() const noexcept { return units_; }
  /// Units done so far, counted where they were done.
  std::uint64_t units_done() const noexcept;

 private:
  struct alignas(64) Line {
    std::uint64_t units_done;
    std::uint64_t next;
  };

  void do_units(std::uint64_t key) noexcept;

  std::uint64_t units_;
  std::uint64_t messages_ = 0;
  HugeArray<Line> lines_;
};

/// Collective: were all units done, on whatever ranks, for \p messages messages of the whole job?
bool all_work_done(const Work& work, std::uint64_t messages, MPI_Comm comm);

/// The options as entries of a result's details.
void describe_work(const WorkOptions& options, Details& details);

}  // namespace workloads
