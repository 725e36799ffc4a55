// A rank's machine vanishes: the ranks of other machines are told which, and in time.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "engine/fake_rank.hpp"
#include "engine/handover.hpp"
#include "engine/server.hpp"
#include "support/own_network.hpp"
#include "transport/control/control_listener.hpp"

namespace buddy::engine {
namespace {

constexpr int patience_s = 2;

/// Both ends of a connection on this machine, or over TCP.
struct Ends {
  transport::ControlSocket rank;
  transport::ControlSocket engine;
};

Ends local_ends() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) std::abort();
  return {transport::ControlSocket(UniqueFd(fds[0])), transport::ControlSocket(UniqueFd(fds[1]))};
}

Ends far_ends() {
  auto listener =
      transport::ControlListener::open(transport::ControlAddress::tcp("127.0.0.1", 0), patience_s);
  auto rank = transport::ControlSocket::connect(listener.value().address(), patience_s);
  pollfd waiting{listener.value().fd(), POLLIN, 0};
  ::poll(&waiting, 1, 20'000);
  return {std::move(rank.value()), std::move(listener.value().accept().value())};
}

/// Joins as the next rank of two.
bool joins(FakeRank& rank, const wire::JobMap& map) {
  const auto welcome = rank.socket().receive(FakeRank::patience_ms);
  return welcome.ok() && rank.join(1, map);
}

/// \return 0 if the rank that is left gets the right error in time
int lose_the_machine_of_rank_0() {
  if (!test::enter_own_network()) return test::no_own_network;
  auto ends = make_handover();
  if (!ends.ok()) return 1;
  std::atomic<bool> stop{false};
  std::thread engine([&] {
    [[maybe_unused]] const Status ended = run_job({}, std::move(ends.value().job), stop);
  });
  wire::JobMap map;
  map.agent_of_rank = {0, 0};
  map.node_of_agent = {0};
  map.machine_of_agent = {0};
  Ends far = far_ends();
  Ends local = local_ends();
  const int service = ends.value().service.get();
  bool good = hand_over(service, std::move(far.engine)).ok() &&
              hand_over(service, std::move(local.engine)).ok();
  FakeRank lost(std::move(far.rank), 0);
  FakeRank witness(std::move(local.rank), 1);
  good = good && joins(lost, map) && joins(witness, map) &&
         lost.gets<transport::Connected>(transport::Connect{{lost.agent()}});
  int result = good ? 0 : 2;
  if (good && !test::set_loopback(false)) result = test::no_own_network;
  if (result == 0) {
    const std::uint64_t before = monotonic_ns();
    const auto [kind, body] = witness.pull();
    const std::string said =
        kind == wire::FrameKind::failure ? wire::decode_failure(body).message() : std::string();
    if (said.find("the machine of rank 0, 127.0.0.1, does not answer (nothing for 2 s)") != 0) {
      std::cerr << said << std::endl;
      result = 3;
    } else if (monotonic_ns() - before > 6'000'000'000) {
      result = 4;
    }
  }
  stop.store(true);
  engine.join();
  return result;
}

TEST(LostMachine, is_named_to_the_others_in_time) {
  test::expect_good_in_own_network(lose_the_machine_of_rank_0);
}

}  // namespace
}  // namespace buddy::engine
