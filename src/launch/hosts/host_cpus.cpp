#include "launch/hosts/host_cpus.hpp"

#include <string>
#include <string_view>

#include "launch/process/cpu_list.hpp"

namespace buddy::launch {
namespace {

Result<std::vector<int>> read_list(const std::string& text, const std::vector<int>& allowed,
                                   std::string_view option) {
  if (text.empty()) return std::vector<int>{};
  auto cpus = parse_cpu_list(text);
  if (!cpus.ok()) return cpus.status();
  const Status known = check_cpus(cpus.value(), allowed, option);
  if (!known.ok()) return known;
  return cpus;
}

}  // namespace

Result<HostCpus> cpus_on_host(const report::Welcome& welcome, const std::vector<int>& allowed) {
  auto host = read_list(welcome.host_cpus, allowed, "--host-cpus");
  if (!host.ok()) return host.status();
  auto engine = read_list(welcome.engine_cpus, allowed, "--engine-cpus");
  if (!engine.ok()) return engine.status();
  HostCpus cpus{.host = std::move(host.value()), .engine = std::move(engine.value())};
  if (cpus.host.empty()) cpus.host = without_cpus(allowed, cpus.engine);
  return cpus;
}

}  // namespace buddy::launch
