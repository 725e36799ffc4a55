// Which events of this machine's counting units make up its memory traffic.
#pragma once

#include <string>
#include <vector>

#include "measure/dram/perf_pmu.hpp"

namespace buddy::measure {

/// Where the kernel's descriptions lie; normally an empty root.
struct PerfTree {
  std::string root = "";
  std::string devices() const { return root + "/sys/bus/event_source/devices"; }
  std::string cpuinfo() const { return root + "/proc/cpuinfo"; }
  std::string paranoid() const { return root + "/proc/sys/kernel/perf_event_paranoid"; }
};

/// All reads and all writes of memory, by whoever:
/// - Intel: `uncore_imc*`, events cas_count_read* and cas_count_write*; on desktop processors the
///   free-running data_read(s) and data_write(s) instead;
/// - AMD Zen 4 and 5: `amd_umc*`, CAS commands for reads and for writes, 64 bytes each;
/// - AMD without them: `amd_df`, by family: Zen 1 to 3 (and Hygon) the DRAM channels 0 to 7, reads
///   and writes together; Zen 4 and 5 read and write beats of the coherent stations 0 to 11.
/// Sources: the kernel's tools/perf/pmu-events/arch/x86, Intel's uncore manuals, AMD's PPR.
/// Errors: system when there is no such unit, corrupt when its description is not understood.
Result<std::vector<PerfEvent>> memory_events(const PerfTree& tree);

}  // namespace buddy::measure
