#include "tools/service/net_devices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/small_files.hpp"

namespace buddy::tools {

std::vector<std::string> net_devices(const std::string& sys) {
  std::vector<std::string> devices = names_in(sys + "/class/net");
  const std::string rdma = sys + "/class/infiniband";
  for (const std::string& device : names_in(rdma)) {
    for (const std::string& port : names_in(rdma + '/' + device + "/ports")) {
      devices.push_back(device + ':' + port);
    }
  }
  std::sort(devices.begin(), devices.end());
  return devices;
}

Status check_net_devices(const std::string& list, const std::string& sys) {
  const std::vector<std::string> known = net_devices(sys);
  for (const std::string_view name : split(list, ',')) {
    const auto is_it = [&](const std::string& device) {
      return device == name || device == std::string(name) + ":1";
    };
    if (name == "all" || std::any_of(known.begin(), known.end(), is_it)) continue;
    return {ErrorCode::invalid_argument,
            fmt::format("there is no network device '{}' (this machine has {}) choose one of them",
                        name, fmt::join(known, ", "))};
  }
  return {};
}

}  // namespace buddy::tools
