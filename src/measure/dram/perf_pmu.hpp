// Counting units as the kernel describes them in /sys/bus/event_source/devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.hpp"

namespace buddy::measure {

/// The configuration words of an event (perf_event_attr::config, config1, config2).
struct PerfConfig {
  std::uint64_t config = 0;
  std::uint64_t config1 = 0;
  std::uint64_t config2 = 0;
  friend bool operator==(const PerfConfig&, const PerfConfig&) = default;
};

/// An event of one unit, ready to be counted.
struct PerfEvent {
  std::string name;        ///< "uncore_imc_0/cas_count_read", for messages
  std::uint32_t type = 0;  ///< perf_event_attr::type
  PerfConfig config{};
  std::vector<int> cpus;  ///< one counter on each
  double bytes_per_count = 64;
};

/// One unit: a folder with `type`, `cpumask`, `format/` and perhaps `events/`.
/// Source: the kernel's Documentation/ABI/testing/sysfs-bus-event_source-devices-*.
class PerfPmu {
 public:
  using Terms = std::vector<std::pair<std::string, std::uint64_t>>;

  PerfPmu(std::string folder, std::string name);

  const std::string& name() const noexcept { return name_; }
  /// CPUs that its counters are opened on: one per package, usually.
  std::vector<int> cpus() const;
  /// Events that the kernel names, without the files that describe their scale.
  std::vector<std::string> event_names() const;

  /// The event that the kernel calls \p event, with its scale.
  /// Errors: corrupt when the tree does not describe it.
  Result<PerfEvent> named_event(const std::string& event) const;
  /// An event of which the fields are known: event=0x0a, rdwrmask=1.
  /// Errors: corrupt when the unit has no such field, or the value does not fit.
  Result<PerfEvent> event_of(const std::string& label, const Terms& terms) const;

 private:
  Status place(const std::string& field, std::uint64_t value, PerfConfig& config) const;
  Status unusable(const std::string& why) const;

  std::string folder_;
  std::string name_;
};

/// All units below \p devices (normally /sys/bus/event_source/devices) whose name begins so.
std::vector<PerfPmu> pmus_named(const std::string& devices, std::string_view prefix);

}  // namespace buddy::measure
