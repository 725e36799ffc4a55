// A service process on a port of its own, and ranks for it.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/job_id.hpp"
#include "base/job_key.hpp"
#include "base/whole_number.hpp"
#include "engine/fake_rank.hpp"
#include "support/sandbox.hpp"

namespace buddy::testing {

inline constexpr JobKey service_key{{0x0123456789abcdef, 0x0fedcba987654321}};

/// `buddy engine --listen tcp:127.0.0.1:0`, killed at the end if a test has not ended it.
class ServiceUnderTest {
 public:
  explicit ServiceUnderTest(const std::vector<std::string>& options = {},
                            launch::Environment environment = {})
      : running_(words(options), with_key(std::move(environment))) {
    EXPECT_TRUE(eventually([&] { return sandbox_.has("port"); }));
    std::string text = sandbox_.read("port");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    port_ = parse_whole<std::uint16_t>(text).value_or(0);
  }

  transport::ControlAddress address() const {
    return transport::ControlAddress::tcp("127.0.0.1", port_);
  }
  pid_t pid() const { return running_.pid(); }
  std::vector<pid_t> jobs() const { return children_like(pid(), "handover:"); }
  bool has_port_file() const { return sandbox_.has("port"); }
  /// How it ends, and what it has said.
  Finished end(int with_signal = SIGTERM) {
    kill(pid(), with_signal);
    return running_.wait();
  }

 private:
  static launch::Environment with_key(launch::Environment environment) {
    environment.emplace_back("BUDDY_JOB_KEY", to_string(service_key));
    return environment;
  }
  std::vector<std::string> words(const std::vector<std::string>& options) const {
    std::vector<std::string> all = {buddy_command(),   "engine",      "--listen",
                                    "tcp:127.0.0.1:0", "--port-file", sandbox_.path("port")};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }

  Sandbox sandbox_;
  Running running_;
  std::uint16_t port_ = 0;
};

/// A job of so many ranks behind one agent.
inline wire::JobMap job_of(std::uint32_t ranks) {
  wire::JobMap map;
  map.agent_of_rank.assign(ranks, 0);
  map.node_of_agent = {0};
  map.machine_of_agent = {0};
  return map;
}

inline JobId job_id(unsigned number) {
  JobId id;
  id.bytes.fill(static_cast<std::byte>(number));
  return id;
}

/// A job of one rank, ready for barriers. Its pid is that of its engine.
struct SmallJob {
  SmallJob(const ServiceUnderTest& service, unsigned number) : rank(service.address(), 0) {
    const auto welcome = rank.greet(service_key, job_id(number));
    EXPECT_TRUE(welcome.ok()) << welcome.status().message();
    if (!welcome.ok()) return;
    engine = static_cast<pid_t>(welcome.value().pid);
    joined = rank.join(1, job_of(1));
    EXPECT_TRUE(joined);
    EXPECT_TRUE(rank.gets<transport::Connected>(transport::Connect{{rank.agent()}}));
    EXPECT_TRUE(rank.socket().send(transport::UnlinkNames{}).ok());
  }
  bool works() { return joined && rank.passes_barrier(++epoch); }
  void leave() { EXPECT_TRUE(rank.socket().send(transport::Bye{}).ok()); }

  engine::FakeRank rank;
  pid_t engine = -1;
  bool joined = false;
  std::uint64_t epoch = 0;
};

inline void allow_many_files() {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

}  // namespace buddy::testing
