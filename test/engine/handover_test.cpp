#include "engine/handover.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <utility>

namespace buddy::engine {
namespace {

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) std::abort();
    rank = transport::ControlSocket(UniqueFd(fds[0]));
    engine = transport::ControlSocket(UniqueFd(fds[1]), {"10.0.0.7", 5});
  }
  transport::ControlSocket rank;
  transport::ControlSocket engine;
};

std::vector<Admitted> take(Handover& job) {
  std::vector<pollfd> polled;
  job.watch(polled);
  ::poll(polled.data(), polled.size(), 0);
  return job.take(polled);
}

TEST(Handover, connections_go_on_in_the_other_process) {
  auto ends = make_handover();
  ASSERT_TRUE(ends.ok());
  Handover job(std::move(ends.value().job));
  EXPECT_TRUE(take(job).empty());
  Pair one;
  Pair two;
  ASSERT_TRUE(hand_over(ends.value().service.get(), std::move(one.engine)).ok());
  ASSERT_TRUE(hand_over(ends.value().service.get(), std::move(two.engine)).ok());
  auto taken = take(job);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].socket.peer().host, "10.0.0.7");
  EXPECT_EQ(taken[0].socket.peer().timeout_s, 5);
  ASSERT_TRUE(taken[1].socket.send(transport::Bye{}).ok());
  EXPECT_TRUE(two.rank.receive(1000).ok());
  taken.clear();
  EXPECT_TRUE(one.rank.hung_up()) << "the service keeps no copy";
}

// The service knows that a job is over when it has handed over no more than that.
TEST(Handover, the_end_of_all_is_told) {
  auto ends = make_handover();
  ASSERT_TRUE(ends.ok());
  const int service = ends.value().service.get();
  Handover job(std::move(ends.value().job));
  EXPECT_FALSE(taken_when_all_had_gone(service));
  Pair one;
  ASSERT_TRUE(hand_over(service, std::move(one.engine)).ok());
  EXPECT_EQ(take(job).size(), 1u);
  job.all_have_gone();
  EXPECT_EQ(taken_when_all_had_gone(service), 1u);
  EXPECT_FALSE(taken_when_all_had_gone(service));
  Pair two;
  ASSERT_TRUE(hand_over(service, std::move(two.engine)).ok());
  job.all_have_gone();  // before it has seen the second
  EXPECT_EQ(taken_when_all_had_gone(service), 1u);
}

TEST(Handover, either_end_notices_the_end_of_the_other) {
  auto ends = make_handover();
  ASSERT_TRUE(ends.ok());
  {
    Handover job(std::move(ends.value().job));
    EXPECT_FALSE(job.ended());
  }
  Pair one;
  EXPECT_EQ(hand_over(ends.value().service.get(), std::move(one.engine)).code(),
            ErrorCode::peer_died);
  EXPECT_TRUE(one.rank.hung_up());
  auto other = make_handover();
  ASSERT_TRUE(other.ok());
  Handover job(std::move(other.value().job));
  other.value().service.reset();
  EXPECT_TRUE(take(job).empty());
  EXPECT_TRUE(job.ended());
}

// A job that is stopped does not hold up the service.
TEST(Handover, waits_for_nobody) {
  auto ends = make_handover();
  ASSERT_TRUE(ends.ok());
  Status status;
  for (int i = 0; i < 100'000 && status.ok(); ++i) {
    Pair pair;
    status = hand_over(ends.value().service.get(), std::move(pair.engine));
  }
  EXPECT_EQ(status.code(), ErrorCode::system);
}

}  // namespace
}  // namespace buddy::engine
