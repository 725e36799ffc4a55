// The peer timeout: where it comes from, and what it makes of a socket.
#include "base/peer_timeout.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>

#include "base/unique_fd.hpp"

namespace buddy {
namespace {

TEST(PeerTimeout, is_what_the_environment_says_or_ten_seconds) {
  ::unsetenv(peer_timeout_variable);
  EXPECT_EQ(peer_timeout_from_environment().value(), 10);
  for (const char* text : {"1", "60", "3600"}) {
    ::setenv(peer_timeout_variable, text, 1);
    EXPECT_EQ(peer_timeout_from_environment().value(), std::atoi(text));
  }
  for (const char* text : {"0", "3601", "-1", "soon", "1.5", "10 "}) {
    ::setenv(peer_timeout_variable, text, 1);
    const Status status = peer_timeout_from_environment().status();
    EXPECT_EQ(status.code(), ErrorCode::invalid_argument) << text;
    EXPECT_NE(status.message().find(text), std::string::npos) << status.message();
  }
  ::unsetenv(peer_timeout_variable);
}

int option_of(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

TEST(PeerTimeout, has_the_kernel_ask_the_other_one) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  for (const int seconds : {1, 10, 3600}) {
    ASSERT_TRUE(watch_machine(fd.get(), seconds).ok());
    EXPECT_EQ(option_of(fd.get(), SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option_of(fd.get(), IPPROTO_TCP, TCP_KEEPIDLE), 1);
    EXPECT_EQ(option_of(fd.get(), IPPROTO_TCP, TCP_KEEPINTVL), 1);
    EXPECT_EQ(option_of(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT), seconds * 1000);
  }
  EXPECT_EQ(watch_machine(-1, 10).code(), ErrorCode::system);
}

TEST(PeerTimeout, the_end_of_a_process_is_no_silence) {
  for (const int error : {ETIMEDOUT, EHOSTUNREACH, ENETUNREACH}) EXPECT_TRUE(means_silence(error));
  for (const int error : {0, ECONNRESET, EPIPE, ECONNREFUSED}) EXPECT_FALSE(means_silence(error));
}

}  // namespace
}  // namespace buddy
