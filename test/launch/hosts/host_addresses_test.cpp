#include "launch/hosts/host_addresses.hpp"

#include <gtest/gtest.h>

namespace buddy::launch {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HostAddresses, an_unknown_name_is_named) {
  const auto hosts = resolve_hosts({{.name = "no.such.name.invalid", .ranks = 1}});
  ASSERT_FALSE(hosts.ok());
  EXPECT_TRUE(contains(hosts.status().message(), "there is no machine 'no.such.name.invalid'"))
      << hosts.status().message();
}

TEST(HostAddresses, two_names_of_one_machine_are_refused) {
  const auto same = resolve_hosts({{.name = "10.99.0.1"}, {.name = "10.99.0.1"}});
  EXPECT_TRUE(same.ok()) << "the same name is found before";
  const auto here = resolve_hosts({{.name = "127.0.0.1"}, {.name = "127.0.0.2"}});
  ASSERT_FALSE(here.ok());
  EXPECT_TRUE(contains(here.status().message(), "127.0.0.1 and 127.0.0.2 are one machine"));
  EXPECT_TRUE(resolve_hosts({{.name = "10.99.0.1"}, {.name = "10.99.0.2"}}).ok());
}

TEST(HostAddresses, this_machine_is_reached_by_what_it_sends_from) {
  const auto here = resolve_hosts({{.name = "127.0.0.1"}});
  EXPECT_EQ(addresses_towards(here.value(), 80).value(), "127.0.0.1:80");
}

}  // namespace
}  // namespace buddy::launch
