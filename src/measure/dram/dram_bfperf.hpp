// Memory traffic of a BlueField-3 DPU, from the counters of its last-level cache.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/dram/dram_meter.hpp"

namespace buddy::measure {

/// The kernel's mlxbf-pmc driver shows the counters of each block of the chip as files in a folder
/// of its own: `eventN` selects what `counterN` counts, `enable` starts all of a block at 0.
/// Counted are requests of 64 bytes that the miss machines of the last-level cache send to memory
/// (blocks `llt_miss*`): reads, writes, and evicted lines. They are those of the whole DPU.
/// Counters have 32 bits, which wrap after a second or more at full bandwidth; read() must be
/// called at least every second.
/// Sources: the kernel's drivers/platform/mellanox/mlxbf-pmc.c and
/// Documentation/ABI/testing/sysfs-platform-mellanox-pmc.
class BfperfMeter final : public DramMeter {
 public:
  /// \param hwmon where the devices are listed
  explicit BfperfMeter(std::string hwmon = "/sys/class/hwmon");
  ~BfperfMeter() override;
  BfperfMeter(const BfperfMeter&) = delete;
  BfperfMeter& operator=(const BfperfMeter&) = delete;

  std::string_view name() const override { return "bfperf"; }
  std::string what() const override {
    return "reads, writes and evictions between the DPU's last-level cache and its memory";
  }
  Status available() override;
  Status start() override;
  Result<DramReading> read() override;

 private:
  struct Counter {
    std::string file;
    std::uint32_t last = 0;
    std::uint64_t sum = 0;
  };
  std::string device() const;
  std::vector<std::string> blocks() const;
  Status start_block(const std::string& folder);
  void stop() noexcept;

  std::string hwmon_;
  std::vector<std::string> started_;  ///< folders of blocks
  std::vector<Counter> counters_;
};

}  // namespace buddy::measure
