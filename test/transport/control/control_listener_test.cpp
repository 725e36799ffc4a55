// Where connections are made: paths for this user alone, and ports.
#include "transport/control/control_listener.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "base/clock.hpp"
#include "support/child.hpp"
#include "support/own_network.hpp"
#include "support/scratch.hpp"
#include "transport/control/tcp_socket.hpp"

namespace buddy::transport {
namespace {

constexpr int timeout_s = 7;

Result<ControlListener> listen_at(const ControlAddress& address) {
  return ControlListener::open(address, timeout_s);
}
Result<ControlListener> listen_at(const std::string& path) {
  return listen_at(ControlAddress::unix_socket(path));
}
Result<ControlSocket> connect_to(const ControlAddress& address) {
  return ControlSocket::connect(address, timeout_s);
}
Result<ControlSocket> connect_to(const std::string& path) {
  return connect_to(ControlAddress::unix_socket(path));
}

/// Waits for the connection that is on its way.
ControlSocket take_one(ControlListener& listener) {
  pollfd waiting{listener.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&waiting, 1, 20'000), 1);
  auto taken = listener.accept();
  EXPECT_TRUE(taken.ok());
  return std::move(taken.value());
}

TEST(ControlListener, path_leads_to_who_listens) {
  const test::Scratch scratch;
  const std::string path = scratch / "engine.sock";
  const Status nobody = connect_to(path).status();
  EXPECT_EQ(nobody.code(), ErrorCode::no_engine);
  EXPECT_NE(nobody.message().find(path), std::string::npos);
  EXPECT_EQ(connect_to(std::string(200, 'x')).status().code(), ErrorCode::no_engine);

  {
    auto listener = listen_at(path);
    ASSERT_TRUE(listener.ok()) << listener.status().message();
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    EXPECT_FALSE(listener.value().accept().value()) << "nobody is waiting";
    auto client = connect_to(path);
    ASSERT_TRUE(client.ok());
    ControlSocket server = take_one(listener.value());
    ASSERT_TRUE(client.value().send(UnlinkNames{}).ok());
    EXPECT_TRUE(server.receive(1000).ok());
    EXPECT_EQ(listen_at(path).status().code(), ErrorCode::system) << "is taken";
  }
  EXPECT_NE(::access(path.c_str(), F_OK), 0) << "the name goes with the listener";
  EXPECT_EQ(listen_at(scratch / "no/such/folder").status().code(), ErrorCode::system);
  EXPECT_EQ(listen_at(std::string(200, 'x')).status().code(), ErrorCode::system);
}

// Even if the file's mode let others in, the engine would not.
TEST(ControlListener, path_takes_its_own_user_only) {
  constexpr int cannot = 77;
  const test::Scratch scratch;
  const std::string path = scratch / "engine.sock";
  auto listener = listen_at(path);
  ASSERT_TRUE(listener.ok());
  ::chmod(scratch.path().c_str(), 0755);
  ::chmod(path.c_str(), 0666);
  const pid_t child = test::start_child([&] {
    if (::setuid(65'534) != 0) return cannot;
    auto client = connect_to(path);
    if (!client.ok()) return 1;
    return client.value().receive(20'000).status().code() == ErrorCode::peer_died ? 0 : 2;
  });
  pollfd waiting{listener.value().fd(), POLLIN, 0};
  if (::poll(&waiting, 1, 5'000) == 1) {
    EXPECT_FALSE(listener.value().accept().value());
  }
  const int result = test::wait_for_child(child);
  if (result == cannot) {
    std::cout << "not root: nobody else can try to connect" << std::endl;
  } else {
    EXPECT_EQ(result, 0);
  }
}

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  ::getsockopt(fd, level, name, &value, &size);
  return value;
}

/// What makes a vanished machine an error in time.
void expect_watched(const ControlSocket& socket) {
  EXPECT_EQ(option(socket.fd(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(socket.fd(), SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(socket.fd(), IPPROTO_TCP, TCP_KEEPIDLE), 1);
  EXPECT_EQ(option(socket.fd(), IPPROTO_TCP, TCP_KEEPINTVL), 1);
  EXPECT_EQ(option(socket.fd(), IPPROTO_TCP, TCP_USER_TIMEOUT), timeout_s * 1000);
  EXPECT_EQ(socket.peer().timeout_s, timeout_s);
}

TEST(ControlListener, ports_lead_to_who_listens) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    auto listener = listen_at(ControlAddress::tcp(host, 0));
    if (!listener.ok() && std::string(host) == "::1") {
      std::cout << "no IPv6 here: " << listener.status().message() << std::endl;
      continue;
    }
    ASSERT_TRUE(listener.ok()) << listener.status().message();
    const ControlAddress address = listener.value().address();
    EXPECT_NE(address.port, 0);
    EXPECT_FALSE(listener.value().accept().value()) << "nobody is waiting";
    auto client = connect_to(address);
    ASSERT_TRUE(client.ok()) << client.status().message();
    ControlSocket server = take_one(listener.value());
    EXPECT_EQ(server.peer().host, host);
    expect_watched(client.value());
    expect_watched(server);
    ASSERT_TRUE(client.value().send(UnlinkNames{}).ok());
    EXPECT_TRUE(server.receive(20'000).ok());
    ASSERT_TRUE(server.send(Bye{}).ok());
    EXPECT_TRUE(client.value().receive(20'000).ok());
    server = ControlSocket();
    EXPECT_EQ(client.value().receive(20'000).status().code(), ErrorCode::peer_died);
    EXPECT_TRUE(client.value().hung_up());
    EXPECT_FALSE(client.value().lost_machine()) << "a process that ends is no silent machine";
  }
}

void expect_error(const Status& status, ErrorCode code, const std::string& part) {
  EXPECT_EQ(status.code(), code) << status.message();
  EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
}

TEST(ControlListener, errors_of_ports_say_what_is_wrong) {
  auto listener = listen_at(ControlAddress::tcp("127.0.0.1", 0));
  ASSERT_TRUE(listener.ok());
  const ControlAddress taken = listener.value().address();
  expect_error(listen_at(taken).status(), ErrorCode::system, "in use");
  // 192.0.2.0/24 is for documentation: no machine has it.
  expect_error(listen_at(ControlAddress::tcp("192.0.2.1", 0)).status(), ErrorCode::system,
               "address of this machine");
  expect_error(listen_at(ControlAddress::tcp("no such host", 0)).status(),
               ErrorCode::invalid_argument, "no such host");
  { [[maybe_unused]] const ControlListener gone = std::move(listener.value()); }
  expect_error(connect_to(taken).status(), ErrorCode::no_engine, to_string(taken));
  expect_error(connect_to(ControlAddress::tcp("no such host", 1)).status(), ErrorCode::no_engine,
               "no such host");
}

// The port of an engine that has just ended is the next one's at once.
TEST(ControlListener, ports_are_free_at_once) {
  ControlAddress address;
  ControlSocket client;
  {
    auto listener = listen_at(ControlAddress::tcp("127.0.0.1", 0));
    ASSERT_TRUE(listener.ok());
    address = listener.value().address();
    client = std::move(connect_to(address).value());
    take_one(listener.value()) = ControlSocket();  // who closes first keeps the port busy
  }
  const auto again = listen_at(address);
  EXPECT_TRUE(again.ok()) << again.status().message();
}

/// Two ends, and then no packet passes between them. \return 0 if both notice in time what it is
int lose_the_other_machine(bool with_unsent_data) {
  if (!test::enter_own_network()) return test::no_own_network;
  constexpr int patience_s = 2;
  auto listener = ControlListener::open(ControlAddress::tcp("127.0.0.1", 0), patience_s);
  if (!listener.ok()) return 1;
  auto client = ControlSocket::connect(listener.value().address(), patience_s);
  if (!client.ok()) return 2;
  ControlSocket server = take_one(listener.value());
  if (!test::set_loopback(false)) return test::no_own_network;
  if (with_unsent_data && !client.value().send(Bye{}).ok()) return 3;
  const std::uint64_t before = monotonic_ns();
  const Status read = server.receive(20'000).status();
  if (read.code() != ErrorCode::peer_died || !server.lost_machine()) return 4;
  if (read.message().find("the machine 127.0.0.1 does not answer") == std::string::npos) return 5;
  Status seen;
  while (seen.ok() && monotonic_ns() - before < 20'000'000'000) seen = client.value().why_hung_up();
  if (!client.value().lost_machine()) return 6;
  const std::uint64_t took_ns = monotonic_ns() - before;
  return took_ns > 1'000'000'000 && took_ns < 6'000'000'000 ? 0 : 7;
}

TEST(ControlListener, a_machine_that_vanishes_is_noticed_in_time) {
  for (const bool with_unsent_data : {false, true}) {
    test::expect_good_in_own_network([&] { return lose_the_other_machine(with_unsent_data); });
  }
}

}  // namespace
}  // namespace buddy::transport
