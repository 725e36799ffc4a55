#include "transport/ucx/ucx_packet.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "wire/frame.hpp"

namespace buddy::transport {
namespace {

using wire::FrameHeader;
using wire::FrameKind;

void add_frame(std::vector<std::byte>& payload, FrameHeader header) {
  const std::size_t at = payload.size();
  payload.resize(at + packed_frame_bytes(header.body_bytes));
  std::memcpy(payload.data() + at, &header, sizeof header);
}

PacketFault check(std::span<const std::byte> payload) {
  bool goodbye = false;
  return check_frames(payload, 1000, goodbye);
}

TEST(UcxPacket, accepts_whole_frames) {
  std::vector<std::byte> payload;
  EXPECT_EQ(check(payload), PacketFault::none);
  add_frame(payload, {1000, FrameKind::routed, 0, 1});
  add_frame(payload, {0, FrameKind::wave, 0, 0});
  add_frame(payload, {7, FrameKind::goodbye, 0, 0});
  bool goodbye = false;
  EXPECT_EQ(check_frames(payload, 1000, goodbye), PacketFault::none);
  EXPECT_TRUE(goodbye);
}

TEST(UcxPacket, refuses_every_damaged_header_field) {
  const FrameHeader good{16, FrameKind::routed, 0, 1};
  const auto refused = [](FrameHeader header) {
    std::vector<std::byte> payload(packed_frame_bytes(16));
    std::memcpy(payload.data(), &header, sizeof header);
    return check(payload) == PacketFault::frame;
  };
  EXPECT_FALSE(refused(good));
  FrameHeader bad = good;
  bad.body_bytes = 17;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.body_bytes = 0xffffffff;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.kind = FrameKind::padding;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.kind = static_cast<FrameKind>(static_cast<int>(wire::last_frame_kind) + 1);
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.reserved = 1;
  EXPECT_TRUE(refused(bad));
}

TEST(UcxPacket, refuses_large_cut_and_late_frames) {
  std::vector<std::byte> large;
  add_frame(large, {1001, FrameKind::routed, 0, 1});
  EXPECT_EQ(check(large), PacketFault::frame);
  std::vector<std::byte> cut;
  add_frame(cut, {64, FrameKind::routed, 0, 1});
  for (std::size_t bytes = 1; bytes < cut.size(); ++bytes) {
    EXPECT_EQ(check(std::span(cut).first(bytes)), PacketFault::frame);
  }
  std::vector<std::byte> late;
  add_frame(late, {0, FrameKind::goodbye, 0, 0});
  add_frame(late, {0, FrameKind::routed, 0, 0});
  EXPECT_EQ(check(late), PacketFault::frame);
}

// Reads stay inside whatever the bytes say; the sanitizers watch.
TEST(UcxPacket, survives_random_bytes) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<std::byte> payload(random() % 200);
    for (std::byte& byte : payload) byte = static_cast<std::byte>(random() % 4);
    const std::vector<std::byte> exact(payload);
    const PacketFault fault = check(exact);
    EXPECT_TRUE(fault == PacketFault::none || fault == PacketFault::frame);
  }
}

// A wire that is long is kept full: 40 ms at 10 Gbit/s are 50 MB, of which memory allows a part.
TEST(UcxShape, windows_follow_the_round_trip) {
  constexpr std::size_t memory = std::size_t{1} << 20;
  const std::size_t near = ucx_shape(32768, 1, memory, 0).window_bytes;
  EXPECT_EQ(near, std::size_t{512} << 10);
  EXPECT_EQ(ucx_shape(32768, 1, memory, 100'000).window_bytes, near);  // 125 KB under way
  EXPECT_EQ(ucx_shape(32768, 1, memory, 2'000'000).window_bytes, 2'500'032u);
  EXPECT_EQ(ucx_shape(32768, 1, memory, 40'000'000).window_bytes, far_memory_bytes / 2);
  for (const std::size_t peers : {1u, 7u, 63u, 4095u}) {
    const UcxShape shape = ucx_shape(32768, peers, memory, 40'000'000);
    EXPECT_LE(shape.window_bytes,
              std::max(shape.least_window_bytes, far_memory_bytes / (2 * peers) + 64));
    EXPECT_EQ(shape.window_bytes % packet_alignment, 0u);
  }
}

TEST(UcxPacket, shapes_keep_their_promises) {
  for (const std::size_t frame : {0u, 100u, 32768u, 65536u, 1048576u}) {
    for (const std::size_t peers : {0u, 1u, 7u, 63u, 4095u}) {
      const UcxShape shape = ucx_shape(frame, peers, std::size_t{8} << 20);
      SCOPED_TRACE(testing::Message() << frame << " bytes, " << peers << " peers");
      EXPECT_GE(shape.packet_bytes, room_bytes(packed_frame_bytes(frame)));
      EXPECT_GE(shape.window_bytes, shape.least_window_bytes);
      EXPECT_GE(shape.least_window_bytes, 2 * room_bytes(packed_frame_bytes(frame)));
      EXPECT_LE(shape.packet_bytes, shape.window_bytes / 2);
      EXPECT_EQ(shape.packet_bytes % packet_alignment, 0u);
      EXPECT_EQ(shape.window_bytes % packet_alignment, 0u);
      if (peers >= 16) {
        EXPECT_LE(shape.window_bytes,
                  std::max(shape.least_window_bytes, (std::size_t{4} << 20) / peers));
      }
    }
  }
}

TEST(UcxPacket, every_fault_has_a_description) {
  for (int fault = 0; fault <= static_cast<int>(PacketFault::frame); ++fault) {
    EXPECT_STRNE(describe(static_cast<PacketFault>(fault)), "unknown");
  }
}

}  // namespace
}  // namespace buddy::transport
