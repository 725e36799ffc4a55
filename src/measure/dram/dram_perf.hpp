// Memory traffic from the counters of memory controllers and fabrics, through the kernel's perf.
#pragma once

#include <functional>
#include <vector>

#include "base/unique_fd.hpp"
#include "measure/dram/dram_meter.hpp"
#include "measure/dram/perf_uncore.hpp"

namespace buddy::measure {

/// Opens a running counter of \p event on \p cpu for all processes, which is read as three 64-bit
/// words: count, nanoseconds enabled, nanoseconds counted. An empty result leaves why in errno.
using OpenCounter = std::function<UniqueFd(const PerfEvent& event, int cpu)>;

/// perf_event_open().
UniqueFd open_perf_counter(const PerfEvent& event, int cpu);

/// Counts for the whole machine: ranks, engines and everything else that runs.
/// Where there are more events than counters the kernel takes turns, and counts are extrapolated
/// from the time that each has counted.
class PerfMeter final : public DramMeter {
 public:
  explicit PerfMeter(PerfTree tree = {}, OpenCounter open = open_perf_counter);

  std::string_view name() const override { return "perf"; }
  std::string what() const override;
  Status available() override;
  Status start() override;
  Result<DramReading> read() override;

 private:
  struct Counter {
    UniqueFd fd;
    double bytes_per_count = 0;
    double start_bytes = 0;
  };
  Status cannot_open(const PerfEvent& event, int error) const;
  Result<std::vector<Counter>> open_all(const std::vector<PerfEvent>& events) const;

  PerfTree tree_;
  OpenCounter open_;
  std::vector<Counter> counters_;
};

}  // namespace buddy::measure
