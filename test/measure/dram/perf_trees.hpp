// Counting units as the kernels of several processors describe them.
#pragma once

#include <string>

#include "support/fake_tree.hpp"

namespace buddy::measure::testing {

inline std::string device(const std::string& name) {
  return "sys/bus/event_source/devices/" + name + "/";
}

/// A memory controller of an Intel server: Skylake to Cascade Lake.
inline void add_intel_controller(const FakeTree& tree, int number) {
  const std::string pmu = device("uncore_imc_" + std::to_string(number));
  tree.file(pmu + "type", std::to_string(20 + number));
  tree.file(pmu + "cpumask", "0,18");
  tree.file(pmu + "format/event", "config:0-7");
  tree.file(pmu + "format/umask", "config:8-15");
  tree.file(pmu + "format/thresh", "config:24-31");
  tree.file(pmu + "events/clockticks", "event=0xff");
  for (const auto& [name, text] : {std::pair{"cas_count_read", "event=0x04,umask=0x03"},
                                   std::pair{"cas_count_write", "event=0x04,umask=0x0c"}}) {
    tree.file(pmu + "events/" + name, text);
    tree.file(pmu + "events/" + name + ".scale", "6.103515625e-5");
    tree.file(pmu + "events/" + name + ".unit", "MiB");
  }
}

/// A desktop's controller, whose counters are always on.
inline void add_intel_desktop(const FakeTree& tree) {
  const std::string pmu = device("uncore_imc");
  tree.file(pmu + "type", "12");
  tree.file(pmu + "cpumask", "0");
  tree.file(pmu + "format/event", "config:0-7");
  for (const auto& [name, text] :
       {std::pair{"data_reads", "event=0x1"}, std::pair{"data_writes", "event=0x2"}}) {
    tree.file(pmu + "events/" + name, text);
    tree.file(pmu + "events/" + name + ".scale", "6.103515625e-5");
    tree.file(pmu + "events/" + name + ".unit", "MiB");
  }
  tree.file(pmu + "events/gt_requests", "event=0x3");
}

inline void add_amd_controller(const FakeTree& tree, int number) {
  const std::string pmu = device("amd_umc_" + std::to_string(number));
  tree.file(pmu + "type", std::to_string(30 + number));
  tree.file(pmu + "cpumask", "0");
  tree.file(pmu + "format/event", "config:0-7");
  tree.file(pmu + "format/rdwrmask", "config:8-9");
}

/// \param event,umask the formats, which grew from one generation to the next
inline void add_amd_fabric(const FakeTree& tree, const std::string& event,
                           const std::string& umask) {
  tree.file(device("amd_df") + "type", "14");
  tree.file(device("amd_df") + "cpumask", "0");
  tree.file(device("amd_df") + "format/event", event);
  tree.file(device("amd_df") + "format/umask", umask);
}

inline void add_cpu(const FakeTree& tree, int family, int model) {
  tree.file("proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: " + std::to_string(family) +
                "\nmodel\t\t: " + std::to_string(model) + "\nmodel name\t: AMD EPYC\n");
}

}  // namespace buddy::measure::testing
