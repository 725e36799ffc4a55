// A network that a process has for itself, to be cut.
#pragma once

#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <iostream>

#include "base/unique_fd.hpp"
#include "support/child.hpp"

namespace buddy::test {

/// Turns the loopback interface on or off: packets to this machine pass, or none do.
/// \return false if this process may not
inline bool set_loopback(bool on) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  if (::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) return false;
  const int flags = request.ifr_flags;
  request.ifr_flags = static_cast<short>(on ? flags | IFF_UP : flags & ~IFF_UP);
  return ::ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0;
}

/// Gives this process, which must have a single thread, a network with nothing but a loopback
/// interface. \return false if it may not have one
inline bool enter_own_network() {
  const bool alone = ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
  return alone && set_loopback(true);
}

/// What a function returns that may not have a network of its own.
inline constexpr int no_own_network = 77;

/// Runs \p body in a child process, which has a single thread, and expects it to return 0; says so
/// where it may not have a network of its own.
template <class Body>
void expect_good_in_own_network(Body body) {
  const int result = wait_for_child(start_child(body));
  if (result == no_own_network) {
    std::cout << "this process may not have a network of its own" << std::endl;
  } else {
    EXPECT_EQ(result, 0);
  }
}

}  // namespace buddy::test
