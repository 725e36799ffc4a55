#include "arena/doorbell.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

bool is_rung(const Doorbell& doorbell) {
  pollfd state{doorbell.fd(), POLLIN, 0};
  return ::poll(&state, 1, 0) == 1;
}

std::uint32_t word(Wakefulness state) { return static_cast<std::uint32_t>(state); }

TEST(Doorbell, rings_sleepers_only) {
  const test::Scratch scratch;
  Doorbell doorbell = std::move(Doorbell::create(scratch / "doorbell").value());
  DoorbellSender doorbell_sender = std::move(DoorbellSender::open(scratch / "doorbell").value());
  doorbell_sender.ring_if_sleeping();
  EXPECT_FALSE(is_rung(doorbell));
  doorbell.set_idle();
  EXPECT_EQ(doorbell_sender.word(), word(Wakefulness::idle));
  doorbell_sender.ring_if_sleeping();
  EXPECT_FALSE(is_rung(doorbell));
  doorbell.prepare_sleep();
  EXPECT_EQ(doorbell_sender.word(), word(Wakefulness::sleeping));
  doorbell_sender.ring_if_sleeping();
  EXPECT_TRUE(is_rung(doorbell));
  EXPECT_EQ(doorbell.word(), word(Wakefulness::busy));
  doorbell.clear();
  EXPECT_FALSE(is_rung(doorbell));
}

TEST(Doorbell, is_rung_once_by_many) {
  const test::Scratch scratch;
  Doorbell doorbell = std::move(Doorbell::create(scratch / "doorbell").value());
  DoorbellSender one = std::move(DoorbellSender::open(scratch / "doorbell").value());
  DoorbellSender other = std::move(DoorbellSender::open(scratch / "doorbell").value());
  doorbell.prepare_sleep();
  one.ring_if_sleeping();
  other.ring_if_sleeping();
  char bytes[8];  // NOLINT(modernize-avoid-c-arrays)
  EXPECT_EQ(::read(doorbell.fd(), bytes, sizeof bytes), 1);
}

// Bytes that were never fetched fill the FIFO in the end; ringing must not block then.
TEST(Doorbell, a_full_fifo_rings_as_well) {
  const test::Scratch scratch;
  Doorbell doorbell = std::move(Doorbell::create(scratch / "doorbell").value());
  DoorbellSender doorbell_sender = std::move(DoorbellSender::open(scratch / "doorbell").value());
  for (int i = 0; i < 70'000; ++i) {
    doorbell.prepare_sleep();
    doorbell_sender.ring_if_sleeping();
  }
  EXPECT_TRUE(is_rung(doorbell));
  doorbell.clear();
  EXPECT_FALSE(is_rung(doorbell));
}

TEST(Doorbell, is_for_this_user_only_and_outlives_its_names) {
  const test::Scratch scratch;
  Doorbell doorbell = std::move(Doorbell::create(scratch / "doorbell").value());
  DoorbellSender doorbell_sender = std::move(DoorbellSender::open(scratch / "doorbell").value());
  for (const char* name : {"doorbell", "doorbell.fifo"}) {
    struct stat info {};
    ASSERT_EQ(::stat((scratch / name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << name;
  }
  doorbell.unlink();
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  doorbell.prepare_sleep();
  doorbell_sender.ring_if_sleeping();
  EXPECT_TRUE(is_rung(doorbell));
  EXPECT_EQ(DoorbellSender::open(scratch / "doorbell").status().code(), ErrorCode::peer_died);
}

TEST(Doorbell, errors_say_what_to_do) {
  const test::Scratch scratch;
  EXPECT_EQ(Doorbell::create(scratch / "no/such/folder").status().code(), ErrorCode::system);
  Doorbell doorbell = std::move(Doorbell::create(scratch / "doorbell").value());
  EXPECT_EQ(Doorbell::create(scratch / "doorbell").status().code(), ErrorCode::system)
      << "is taken";
  std::filesystem::remove(scratch / "doorbell.fifo");
  const Status status = DoorbellSender::open(scratch / "doorbell").status();
  EXPECT_EQ(status.code(), ErrorCode::system);
  EXPECT_NE(status.message().find("doorbell.fifo"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace buddy::arena
