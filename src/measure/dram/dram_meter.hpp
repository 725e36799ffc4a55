// Counters of memory traffic that the hardware keeps, behind one interface.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.hpp"
#include "base/task_files.hpp"

namespace buddy::measure {

/// Bytes that went to and from memory since a meter was started.
struct DramReading {
  std::uint64_t total_bytes = 0;  ///< of everything that the meter sees
  /// Of ranks and of engine processes; empty if the meter cannot tell them apart.
  std::optional<std::uint64_t> host_bytes{};
  std::optional<std::uint64_t> engine_bytes{};
};

/// One way to count. Implementations read files below a folder given to them, so that they can be
/// tried on trees recorded on other machines.
/// Threads: one.
class DramMeter {
 public:
  virtual ~DramMeter() = default;

  /// As --dram names it.
  virtual std::string_view name() const = 0;
  /// What it counts, for people: "reads and writes of the memory controllers".
  virtual std::string what() const = 0;
  /// ok if it works here; else why not, and what would enable it. Changes nothing on the machine.
  virtual Status available() = 0;
  /// Begins to count. Errors: system.
  virtual Status start() = 0;
  /// Bytes since start(). Counters narrower than 64 bits must be read before they wrap: several
  /// times a second. Errors: system.
  virtual Result<DramReading> read() = 0;
  virtual TaskFiles task_files() const { return {}; }
};

}  // namespace buddy::measure
