#include "comm/observe/wait_watch.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace buddy::comm {
namespace {

using wire::RankPlace;
using wire::Where;

constexpr std::uint64_t second = 1'000'000'000;

RankPlace place(std::uint32_t rank, Where where, std::uint64_t barrier,
                std::uint64_t waited_ns = 20 * second) {
  return {rank, static_cast<std::uint32_t>(where), barrier, waited_ns};
}

/// Counts what a rank asks.
class Asked final : public transport::Channel {
 public:
  wire::Push try_push(wire::FrameKind kind, std::uint64_t,
                      std::span<const std::byte> body) noexcept override {
    const auto call = wire::read_control<wire::RollCall>(body);
    if (kind == wire::FrameKind::roll_call && call) ++times;
    return wire::Push::ok;
  }
  wire::Peek peek(wire::Frame&) noexcept override { return wire::Peek::empty; }
  void release() noexcept override {}
  bool drained() noexcept override { return true; }
  Status status() const override { return {}; }
  int times = 0;
};

struct Rank {
  explicit Rank(std::uint32_t number, std::uint64_t hang_ns = 0) {
    WaitWatch::Options options;
    options.rank = number;
    options.ranks = 3;
    options.notice_ns = 10 * second;
    options.hang_ns = hang_ns;
    options.say = [this](const std::string& text) { said.push_back(text); };
    watch = std::make_unique<WaitWatch>(std::move(options), slot);
  }
  /// Waits for so long, looking as a rank does. \return the first error
  Status wait(std::uint64_t ns, std::uint64_t moved = 0) {
    for (const std::uint64_t end = now + ns; now < end; now += second / 10) {
      const int before = asked.times;
      if (Status status = watch->look(now, moved, asked); !status.ok()) return status;
      if (asked.times != before && !answers.empty()) {
        EXPECT_TRUE(watch->hear(wire::encode_roll_answer({0, answers})));
      }
    }
    return {};
  }

  arena::RankSlot slot{};
  std::vector<std::string> said;
  std::unique_ptr<WaitWatch> watch;
  Asked asked;
  std::vector<RankPlace> answers;
  std::uint64_t now = 1000 * second;
};

TEST(DescribePlaces, names_everybody_once) {
  EXPECT_EQ(describe_places({place(0, Where::barrier, 2), place(1, Where::left, 2)}),
            "rank 0 waits in barrier 2, rank 1 has left");
  EXPECT_EQ(describe_places({place(0, Where::barrier, 2), place(1, Where::barrier, 2),
                             place(2, Where::barrier, 3), place(3, Where::barrier, 2), std::nullopt,
                             std::nullopt}),
            "ranks 0-1, 3 wait in barrier 2, rank 2 waits in barrier 3, ranks 4-5 have not come");
  EXPECT_EQ(
      describe_places({place(0, Where::collective, 1), place(1, Where::elsewhere, 7),
                       place(2, Where::elsewhere, 0), place(3, Where::waiting, 1)}),
      "rank 0 waits in a collective operation of MPI, rank 1 has not come (it is past barrier "
      "7), rank 2 has not come, rank 3 waits in wait_until()");
}

TEST(WaitWatch, tells_after_ten_seconds_and_then_once_a_minute) {
  Rank rank(0);
  rank.answers = {place(0, Where::barrier, 2), place(1, Where::left, 2),
                  place(2, Where::elsewhere, 1, 0)};
  rank.watch->enter(Where::barrier, 2);
  ASSERT_TRUE(rank.wait(10 * second).ok());
  EXPECT_EQ(rank.asked.times, 0);
  ASSERT_TRUE(rank.wait(2 * second).ok());
  EXPECT_EQ(rank.asked.times, 1);
  ASSERT_EQ(rank.said.size(), 1u);
  EXPECT_NE(rank.said[0].find("rank 0 has waited for 10 s (rank 0 waits in barrier 2, rank 1 has "
                              "left, rank 2 has not come (it is past barrier 1))"),
            std::string::npos)
      << rank.said[0];
  ASSERT_TRUE(rank.wait(55 * second).ok());
  EXPECT_EQ(rank.said.size(), 1u);
  ASSERT_TRUE(rank.wait(10 * second).ok());
  EXPECT_EQ(rank.said.size(), 2u);
}

TEST(WaitWatch, says_who_has_not_answered) {
  Rank rank(0);
  rank.watch->enter(Where::barrier, 1);
  ASSERT_TRUE(rank.wait(12 * second).ok());
  ASSERT_EQ(rank.said.size(), 1u);
  EXPECT_NE(rank.said[0].find("ranks 1-2 have not come"), std::string::npos) << rank.said[0];
}

TEST(WaitWatch, the_lowest_of_those_that_wait_speaks) {
  Rank rank(1);
  rank.answers = {place(0, Where::barrier, 2), place(1, Where::barrier, 2),
                  place(2, Where::elsewhere, 1, 0)};
  rank.watch->enter(Where::barrier, 2);
  ASSERT_TRUE(rank.wait(15 * second).ok());
  EXPECT_EQ(rank.said.size(), 0u);
  EXPECT_EQ(rank.asked.times, 1);
}

TEST(WaitWatch, nothing_is_said_while_this_rank_or_another_in_the_barrier_moves) {
  Rank moving(0);
  moving.watch->enter(Where::barrier, 2);
  for (std::uint64_t step = 0; step < 10; ++step) {
    ASSERT_TRUE(moving.wait(5 * second, step).ok());
  }
  EXPECT_EQ(moving.asked.times, 0);

  Rank rank(0, 12 * second);
  rank.answers = {place(0, Where::barrier, 2), place(1, Where::barrier, 2, 5),
                  place(2, Where::barrier, 2)};
  rank.watch->enter(Where::barrier, 2);
  ASSERT_TRUE(rank.wait(30 * second).ok());
  EXPECT_GT(rank.asked.times, 1);
  EXPECT_EQ(rank.said.size(), 0u);
}

TEST(WaitWatch, each_wait_begins_anew) {
  Rank rank(0);
  for (std::uint64_t barrier = 1; barrier < 10; ++barrier) {
    rank.watch->enter(Where::barrier, barrier);
    ASSERT_TRUE(rank.wait(5 * second).ok());
    rank.watch->leave(barrier);
    ASSERT_TRUE(rank.wait(5 * second).ok());
  }
  EXPECT_EQ(rank.asked.times, 0);
}

TEST(WaitWatch, rounds_of_wait_until_are_one_wait) {
  Rank rank(0);
  for (int round = 0; round < 120; ++round) {
    rank.watch->enter(Where::waiting, 0);
    ASSERT_TRUE(rank.wait(second / 10).ok());
    rank.watch->leave(0);
  }
  EXPECT_EQ(rank.said.size(), 1u);
}

// It did not wait but sleep, or compute between two calls of wait_until().
TEST(WaitWatch, a_process_that_was_stopped_has_not_waited) {
  Rank rank(0);
  rank.watch->enter(Where::waiting, 0);
  ASSERT_TRUE(rank.wait(5 * second).ok());
  rank.now += 3600 * second;
  ASSERT_TRUE(rank.wait(5 * second).ok());
  EXPECT_EQ(rank.asked.times, 0);
}

TEST(WaitWatch, waiting_too_long_is_an_error_that_says_for_whom) {
  Rank rank(2, 3 * second);
  rank.answers = {place(0, Where::barrier, 4), place(1, Where::left, 3),
                  place(2, Where::barrier, 4)};
  rank.watch->enter(Where::barrier, 4);
  ASSERT_TRUE(rank.wait(3 * second).ok());
  const Status status = rank.wait(second);
  EXPECT_EQ(status.code(), ErrorCode::timeout);
  EXPECT_NE(status.message().find("ranks 0, 2 wait in barrier 4, rank 1 has left"),
            std::string::npos)
      << status.message();
}

TEST(WaitWatch, refuses_a_damaged_answer) {
  Rank rank(0);
  auto body = wire::encode_roll_answer({0, {place(1, Where::barrier, 1)}});
  EXPECT_TRUE(rank.watch->hear(body));
  EXPECT_FALSE(rank.watch->hear(std::span(body).first(body.size() - 1)));
  EXPECT_FALSE(rank.watch->hear({}));
  EXPECT_FALSE(rank.watch->hear(wire::encode_roll_answer({0, {place(3, Where::barrier, 1)}})));
  EXPECT_FALSE(
      rank.watch->hear(wire::encode_roll_answer({0, {place(1, static_cast<Where>(7), 1)}})));
}

// The engine has served another communicator before.
TEST(WaitWatch, barriers_count_from_one_in_each_communicator) {
  arena::RankSlot slot{};
  WaitWatch::Options options;
  options.barriers_before = 41;
  WaitWatch watch(std::move(options), slot);
  watch.enter(Where::barrier, 42);
  EXPECT_EQ(slot.read(0).barrier, 1u);
  watch.leave(42);
  EXPECT_EQ(slot.read(0).barrier, 1u);
}

TEST(RankSlot, others_see_where_the_rank_is) {
  Rank rank(2);
  rank.watch->enter(Where::barrier, 7);
  ASSERT_TRUE(rank.wait(4 * second).ok());
  RankPlace seen = rank.slot.read(rank.now);
  EXPECT_EQ(seen.rank, 2u);
  EXPECT_EQ(static_cast<Where>(seen.where), Where::barrier);
  EXPECT_EQ(seen.barrier, 7u);
  EXPECT_EQ(seen.waited_ns / second, 4u);
  rank.watch->leave(7);
  seen = rank.slot.read(rank.now);
  EXPECT_EQ(static_cast<Where>(seen.where), Where::elsewhere);
  EXPECT_EQ(seen.waited_ns, 0u);
  rank.watch->set_leaving();
  rank.watch->enter(Where::barrier, 8);
  EXPECT_EQ(static_cast<Where>(rank.slot.read(rank.now).where), Where::last_barrier);
  rank.watch->set_running(true);
  EXPECT_EQ(static_cast<Where>(rank.slot.read(rank.now).where), Where::handlers);
  rank.watch->set_running(false);
  EXPECT_EQ(static_cast<Where>(rank.slot.read(rank.now).where), Where::last_barrier);
  rank.watch->leave(8);
  rank.watch->enter(Where::collective, 8);
  EXPECT_EQ(static_cast<Where>(rank.slot.read(rank.now).where), Where::left);
}

}  // namespace
}  // namespace buddy::comm
