#include "tools/report/machine.hpp"

#include <fmt/core.h>
#include <hwloc.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <buddy_config.hpp>
#include <cstdint>
#include <fstream>

#include "base/affinity.hpp"
#include "launch/process/cpu_list.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

#if defined(__clang__)
constexpr const char* compiler_name = "clang " __clang_version__;
#else
constexpr const char* compiler_name = "g++ " __VERSION__;
#endif

/// The machine as hwloc sees it.
class Topology {
 public:
  Topology() {
    hwloc_topology_init(&topology_);
    hwloc_topology_load(topology_);
  }
  ~Topology() { hwloc_topology_destroy(topology_); }
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  int count(hwloc_obj_type_t type) const { return hwloc_get_nbobjs_by_type(topology_, type); }
  std::uint64_t cache_bytes(hwloc_obj_type_t type) const {
    const hwloc_obj_t cache = hwloc_get_obj_by_type(topology_, type, 0);
    return cache != nullptr ? cache->attr->cache.size : 0;
  }

 private:
  hwloc_topology_t topology_{};
};

std::string describe(const Topology& topology) {
  std::string text = fmt::format("{} package(s), {} core(s), {} hardware thread(s)",
                                 topology.count(HWLOC_OBJ_PACKAGE), topology.count(HWLOC_OBJ_CORE),
                                 topology.count(HWLOC_OBJ_PU));
  const std::uint64_t l2_bytes = topology.cache_bytes(HWLOC_OBJ_L2CACHE);
  const std::uint64_t l3_bytes = topology.cache_bytes(HWLOC_OBJ_L3CACHE);
  if (l2_bytes > 0) text += fmt::format(", L2 {} KiB", l2_bytes >> 10);
  if (l3_bytes > 0) text += fmt::format(", L3 {} MiB", l3_bytes >> 20);
  return text;
}

std::string read_cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name") || line.starts_with("Model")) {
      const auto colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::uint64_t memory_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
}

}  // namespace

Json Machine::to_json() const {
  return {{"host_name", host_name},
          {"cpu_model", cpu_model},
          {"topology", topology},
          {"cores", cores},
          {"allowed_cpus", allowed_cpus},
          {"memory_bytes", memory_bytes},
          {"kernel", kernel},
          {"compiler", compiler},
          {"buddy_version", version},
          {"mpi", mpi}};
}

Machine describe_machine() {
  const Topology topology;
  utsname system{};
  uname(&system);
  return {.host_name = system.nodename,
          .cpu_model = read_cpu_model(),
          .topology = describe(topology),
          .cores = topology.count(HWLOC_OBJ_CORE),
          .allowed_cpus = allowed_cpus(),
          .memory_bytes = memory_bytes(),
          .kernel = fmt::format("{} {} {}", system.sysname, system.release, system.machine),
          .compiler = compiler_name,
          .version = BUDDY_VERSION,
          .mpi = BUDDY_MPI_FLAVOUR};
}

}  // namespace buddy::tools
