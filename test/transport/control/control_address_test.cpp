#include "transport/control/control_address.hpp"

#include <gtest/gtest.h>

namespace buddy::transport {
namespace {

TEST(ControlAddress, is_read_and_written) {
  const std::vector<std::pair<std::string, ControlAddress>> written = {
      {"unix:/dev/shm/x", ControlAddress::unix_socket("/dev/shm/x")},
      {"unix:a:b", ControlAddress::unix_socket("a:b")},
      {"tcp:10.1.2.3:80", ControlAddress::tcp("10.1.2.3", 80)},
      {"tcp:host.example:65535", ControlAddress::tcp("host.example", 65535)},
      {"tcp:127.0.0.1:0", ControlAddress::tcp("127.0.0.1", 0)},
      {"tcp:[::1]:7", ControlAddress::tcp("::1", 7)},
      {"tcp:[fe80::1%eth0]:7117", ControlAddress::tcp("fe80::1%eth0", 7117)}};
  for (const auto& [text, address] : written) {
    const auto read = parse_control_address(text);
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(read.value(), address) << text;
    EXPECT_EQ(to_string(address), text);
  }
}

TEST(ControlAddress, has_a_port_of_its_own) {
  EXPECT_EQ(parse_control_address("tcp:host").value(), ControlAddress::tcp("host", 7117));
  EXPECT_EQ(parse_control_address("tcp:[::]").value(), ControlAddress::tcp("::", 7117));
}

TEST(ControlAddress, refuses_other_text) {
  for (const char* text :
       {"", "host", "/dev/shm/x", "unix:", "tcp:", "tcp::80", "tcp:[]:80", "tcp:[::1",
        "tcp:[::1]80", "tcp:::1", "tcp:fe80::1:80", "tcp:host:", "tcp:host:65536", "tcp:host:-1",
        "tcp:host:8o", "TCP:host:80", "udp:host:80"}) {
    const Status status = parse_control_address(text).status();
    EXPECT_EQ(status.code(), ErrorCode::invalid_argument) << text;
    EXPECT_NE(status.message().find("tcp:HOST:PORT"), std::string::npos) << status.message();
  }
}

}  // namespace
}  // namespace buddy::transport
