// Which addresses are memory of this process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace buddy::comm {

/// What /proc/self/maps says, read when it is needed: again after an address that was not in it.
/// Addresses below 4 GiB count as numbers. Threads: one.
class MemoryMap {
 public:
  /// \return what lies there ("the stack", "the heap", "data of libm.so.6", ...), or "" if it is no
  /// address of this process. Cost: a binary search, and reading the file for what is not found
  std::string name_of(std::uint64_t address);

 private:
  struct Area {
    std::uint64_t begin;
    std::uint64_t end;
    std::string name;
  };
  const Area* find(std::uint64_t address) const;
  void read();

  std::vector<Area> areas_;  ///< ascending
};

}  // namespace buddy::comm
