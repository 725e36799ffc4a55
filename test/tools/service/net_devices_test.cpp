#include "tools/service/net_devices.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/scratch.hpp"

namespace buddy::tools {
namespace {

TEST(NetDevices, are_interfaces_and_ports) {
  const test::Scratch sys;
  for (const char* folder : {"class/net/lo", "class/net/eth0", "class/infiniband/mlx5_0/ports/1",
                             "class/infiniband/mlx5_0/ports/2"}) {
    std::filesystem::create_directories(sys / folder);
  }
  EXPECT_EQ(net_devices(sys.path()),
            (std::vector<std::string>{"eth0", "lo", "mlx5_0:1", "mlx5_0:2"}));
  for (const char* known : {"lo", "eth0,lo", "mlx5_0", "mlx5_0:2,eth0", "all"}) {
    EXPECT_TRUE(check_net_devices(known, sys.path()).ok()) << known;
  }
  for (const char* unknown : {"", "eth1", "lo,", "mlx5_0:3", "mlx5_1"}) {
    const Status status = check_net_devices(unknown, sys.path());
    EXPECT_EQ(status.code(), ErrorCode::invalid_argument) << unknown;
    EXPECT_NE(status.message().find("eth0, lo, mlx5_0:1"), std::string::npos) << status.message();
  }
}

}  // namespace
}  // namespace buddy::tools
