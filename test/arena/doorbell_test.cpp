#include "arena/doorbell.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

bool is_rung(const Bell& bell) {
  pollfd state{bell.fd(), POLLIN, 0};
  return ::poll(&state, 1, 0) == 1;
}

std::uint32_t word(Wakefulness state) { return static_cast<std::uint32_t>(state); }

TEST(Bell, rings_sleepers_only) {
  const test::Scratch scratch;
  Bell bell = std::move(Bell::create(scratch / "bell").value());
  BellRope rope = std::move(BellRope::open(scratch / "bell").value());
  rope.ring_if_sleeping();
  EXPECT_FALSE(is_rung(bell));
  bell.set_idle();
  EXPECT_EQ(rope.word(), word(Wakefulness::idle));
  rope.ring_if_sleeping();
  EXPECT_FALSE(is_rung(bell));
  bell.prepare_sleep();
  EXPECT_EQ(rope.word(), word(Wakefulness::sleeping));
  rope.ring_if_sleeping();
  EXPECT_TRUE(is_rung(bell));
  EXPECT_EQ(bell.word(), word(Wakefulness::busy));
  bell.silence();
  EXPECT_FALSE(is_rung(bell));
}

TEST(Bell, is_rung_once_by_many) {
  const test::Scratch scratch;
  Bell bell = std::move(Bell::create(scratch / "bell").value());
  BellRope one = std::move(BellRope::open(scratch / "bell").value());
  BellRope other = std::move(BellRope::open(scratch / "bell").value());
  bell.prepare_sleep();
  one.ring_if_sleeping();
  other.ring_if_sleeping();
  char bytes[8];  // NOLINT(modernize-avoid-c-arrays)
  EXPECT_EQ(::read(bell.fd(), bytes, sizeof bytes), 1);
}

// Bytes that were never fetched fill the FIFO in the end; ringing must not block then.
TEST(Bell, a_full_fifo_rings_as_well) {
  const test::Scratch scratch;
  Bell bell = std::move(Bell::create(scratch / "bell").value());
  BellRope rope = std::move(BellRope::open(scratch / "bell").value());
  for (int i = 0; i < 70'000; ++i) {
    bell.prepare_sleep();
    rope.ring_if_sleeping();
  }
  EXPECT_TRUE(is_rung(bell));
  bell.silence();
  EXPECT_FALSE(is_rung(bell));
}

TEST(Bell, is_for_this_user_only_and_outlives_its_names) {
  const test::Scratch scratch;
  Bell bell = std::move(Bell::create(scratch / "bell").value());
  BellRope rope = std::move(BellRope::open(scratch / "bell").value());
  for (const char* name : {"bell", "bell.fifo"}) {
    struct stat info {};
    ASSERT_EQ(::stat((scratch / name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << name;
  }
  bell.unlink();
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  bell.prepare_sleep();
  rope.ring_if_sleeping();
  EXPECT_TRUE(is_rung(bell));
  EXPECT_EQ(BellRope::open(scratch / "bell").status().code(), ErrorCode::peer_died);
}

TEST(Bell, errors_say_what_to_do) {
  const test::Scratch scratch;
  EXPECT_EQ(Bell::create(scratch / "no/such/folder").status().code(), ErrorCode::system);
  Bell bell = std::move(Bell::create(scratch / "bell").value());
  EXPECT_EQ(Bell::create(scratch / "bell").status().code(), ErrorCode::system) << "is taken";
  std::filesystem::remove(scratch / "bell.fifo");
  const Status status = BellRope::open(scratch / "bell").status();
  EXPECT_EQ(status.code(), ErrorCode::system);
  EXPECT_NE(status.message().find("bell.fifo"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace buddy::arena
