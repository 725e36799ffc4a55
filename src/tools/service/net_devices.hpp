// Devices that UCX can be told to use.
#pragma once

#include <string>
#include <vector>

#include "base/status.hpp"

namespace buddy::tools {

/// Network interfaces, and ports of RDMA devices as "mlx5_0:1", sorted.
/// \param sys where /sys is; tests have their own
std::vector<std::string> net_devices(const std::string& sys = "/sys");

/// Whether every device of \p list, as UCX_NET_DEVICES takes it, is there: names with commas
/// between them; "mlx5_0" stands for its first port, "all" for everything. Errors:
/// invalid_argument, which names those there are.
Status check_net_devices(const std::string& list, const std::string& sys = "/sys");

}  // namespace buddy::tools
