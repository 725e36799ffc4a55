// Memory traffic per group of processes, through the kernel's resctrl file system.
#pragma once

#include <string>
#include <vector>

#include "measure/dram/dram_meter.hpp"

namespace buddy::measure {

/// Memory bandwidth monitoring (MBM): the processor counts what passes between its last-level
/// caches and memory, by a number that each process carries. Two groups are made, one for ranks and
/// one for engine processes, and removed again; processes join by writing to task_files().
/// Source: the kernel's Documentation/arch/x86/resctrl.rst.
class ResctrlMeter final : public DramMeter {
 public:
  /// \param root where resctrl is mounted
  explicit ResctrlMeter(std::string root = "/sys/fs/resctrl");
  ~ResctrlMeter() override;
  ResctrlMeter(const ResctrlMeter&) = delete;
  ResctrlMeter& operator=(const ResctrlMeter&) = delete;

  std::string_view name() const override { return "resctrl"; }
  std::string what() const override {
    return "traffic of the last-level caches with memory (mbm_total_bytes), ranks and engines "
           "apart";
  }
  Status available() override;
  Status start() override;
  Result<DramReading> read() override;
  TaskFiles task_files() const override;

 private:
  /// A monitoring group; its counters run on from what they held when it was made.
  struct Group {
    std::string folder;
    std::uint64_t start_bytes = 0;
  };
  Status make(Group& group, const std::string& side);
  void remove_groups() noexcept;

  std::string root_;
  Group host_;
  Group engine_;
};

}  // namespace buddy::measure
