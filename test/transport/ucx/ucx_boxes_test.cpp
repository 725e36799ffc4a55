// Outbox and inbox without a network between them.
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>
#include <vector>

#include "transport/ucx/ucx_inbox.hpp"
#include "transport/ucx/ucx_outbox.hpp"

namespace buddy::transport {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

constexpr std::size_t frame_bytes = 1000;

UcxShape small_shape() { return ucx_shape(frame_bytes, 1, 20'000); }

/// An outbox, the packets on their way, and the inbox at the other end.
struct Line {
  UcxShape shape = small_shape();
  UcxOutbox out{shape, nullptr};
  UcxInbox in{shape};
  std::deque<std::vector<std::byte>> wire;
  std::deque<UcxOutbox::Sealed*> with_network;
  std::uint64_t sequence = 0;

  void send() {
    PacketHeader header{};
    header.sequence = sequence++;
    UcxOutbox::Sealed& sealed = out.seal(header);
    with_network.push_back(&sealed);
    wire.emplace_back(sealed.bytes.begin(), sealed.bytes.end());
  }
  PacketFault arrive() {
    PacketHeader header;
    std::memcpy(&header, wire.front().data(), sizeof header);
    const PacketFault fault = in.accept(header, wire.front());
    wire.pop_front();
    return fault;
  }
  PacketFault credit() {
    return out.credit(in.released_bytes(), static_cast<std::uint32_t>(in.window_bytes()));
  }
};

// Whatever the order of sends, arrivals, completions and credits, frames come as pushed, once.
TEST(UcxBoxes, random_schedule_matches_model) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Line line;
    std::deque<std::vector<std::byte>> model;
    unsigned char mark = 0;
    for (int step = 0; step < 4000; ++step) {
      switch (random() % 6) {
        case 0:
        case 1: {
          const std::vector<std::byte> body(random() % (frame_bytes + 1), std::byte{++mark});
          if (line.out.append(FrameKind::routed, 5, body) == Push::ok) model.push_back(body);
          break;
        }
        case 2:
          if (line.out.open_bytes() != 0 && !line.out.full()) line.send();
          break;
        case 3:
          if (!line.wire.empty()) {
            ASSERT_EQ(line.arrive(), PacketFault::none);
          }
          break;
        case 4:
          if (!line.with_network.empty()) {  // completions in any order
            const std::size_t which = random() % line.with_network.size();
            line.out.complete(*line.with_network[which]);
            line.with_network.erase(line.with_network.begin() + static_cast<std::ptrdiff_t>(which));
          }
          ASSERT_EQ(line.credit(), PacketFault::none);
          break;
        default:
          for (Frame frame; random() % 4 != 0 && line.in.peek(frame) == Peek::ready;) {
            ASSERT_FALSE(model.empty());
            ASSERT_EQ(frame.header.records, 5u);
            ASSERT_TRUE(std::equal(frame.body.begin(), frame.body.end(), model.front().begin(),
                                   model.front().end()));
            line.in.release();
            model.pop_front();
          }
      }
    }
  }
}

TEST(UcxBoxes, full_window_refuses_until_credit) {
  Line line;
  const std::vector<std::byte> body(frame_bytes);
  std::size_t pushed = 0;
  const auto fill = [&] {
    while (line.out.append(FrameKind::routed, 1, body) == Push::ok) {
      ++pushed;
      line.send();
      line.out.complete(*line.with_network.back());
    }
  };
  fill();
  EXPECT_EQ(pushed * room_bytes(packed_frame_bytes(frame_bytes)),
            line.shape.least_window_bytes / room_bytes(packed_frame_bytes(frame_bytes)) *
                room_bytes(packed_frame_bytes(frame_bytes)));
  EXPECT_FALSE(line.out.drained());
  while (!line.wire.empty()) ASSERT_EQ(line.arrive(), PacketFault::none);
  ASSERT_EQ(line.credit(), PacketFault::none);  // the peer's window is known now
  fill();
  EXPECT_LE(pushed * room_bytes(packed_frame_bytes(frame_bytes)), line.shape.window_bytes);
  while (!line.wire.empty()) ASSERT_EQ(line.arrive(), PacketFault::none);
  for (Frame frame; line.in.peek(frame) == Peek::ready;) line.in.release();
  EXPECT_FALSE(line.out.drained());
  ASSERT_EQ(line.credit(), PacketFault::none);
  EXPECT_TRUE(line.out.drained());
}

TEST(UcxBoxes, at_most_eight_packets_are_with_the_network) {
  Line line;
  for (std::size_t i = 0; i < UcxOutbox::most_sealed; ++i) {
    ASSERT_EQ(line.out.append(FrameKind::routed, 1, {}), Push::ok);
    ASSERT_FALSE(line.out.full());
    line.send();
  }
  EXPECT_TRUE(line.out.full());
  line.out.complete(*line.with_network[1]);
  EXPECT_TRUE(line.out.full()) << "memory is given back in order";
  line.out.complete(*line.with_network[0]);
  EXPECT_FALSE(line.out.full());
}

TEST(UcxBoxes, inbox_refuses_wrong_sequence_and_size) {
  const std::vector<std::byte> body(100);
  Line line;
  ASSERT_EQ(line.out.append(FrameKind::routed, 1, body), Push::ok);
  line.send();
  std::vector<std::byte> packet = line.wire.front();
  PacketHeader header;
  std::memcpy(&header, packet.data(), sizeof header);
  PacketHeader bad = header;
  bad.sequence = 1;
  EXPECT_EQ(line.in.accept(bad, packet), PacketFault::sequence);
  bad = header;
  bad.payload_bytes += 16;
  EXPECT_EQ(line.in.accept(bad, packet), PacketFault::size);
  bad = header;
  bad.reserved = 1;
  EXPECT_EQ(line.in.accept(bad, packet), PacketFault::size);
  EXPECT_EQ(line.in.accept(header, packet), PacketFault::none);
  EXPECT_EQ(line.in.accept(header, packet), PacketFault::sequence) << "twice";
}

TEST(UcxBoxes, inbox_refuses_more_than_its_window) {
  Line line;
  std::vector<std::byte> packet(line.shape.packet_bytes);
  PacketHeader header{};
  header.payload_bytes = static_cast<std::uint32_t>(packet.size() - sizeof header);
  const wire::FrameHeader frame{16, FrameKind::routed, 0, 1};
  for (std::size_t at = sizeof header; at < packet.size(); at += 32) {
    if (packet.size() - at < 32) {
      packet.resize(at);
      header.payload_bytes = static_cast<std::uint32_t>(at - sizeof header);
      break;
    }
    std::memcpy(packet.data() + at, &frame, sizeof frame);
  }
  PacketFault fault = PacketFault::none;
  std::size_t accepted = 0;
  while ((fault = line.in.accept(header, packet)) == PacketFault::none) {
    ++header.sequence;
    accepted += room_bytes(header.payload_bytes);
    ASSERT_LE(accepted, line.shape.window_bytes);
  }
  EXPECT_EQ(fault, PacketFault::window);
}

TEST(UcxBoxes, outbox_refuses_impossible_credit) {
  Line line;
  const auto window = static_cast<std::uint32_t>(line.shape.window_bytes);
  ASSERT_EQ(line.out.append(FrameKind::routed, 1, {}), Push::ok);
  line.send();
  EXPECT_EQ(line.out.credit(0, 10), PacketFault::window) << "less than every agent grants";
  EXPECT_EQ(line.out.credit(1'000'000, window), PacketFault::window) << "more than was sent";
  EXPECT_EQ(line.out.credit(64, window), PacketFault::none);
  EXPECT_EQ(line.out.credit(0, window), PacketFault::window) << "taken back";
  EXPECT_EQ(line.out.credit(64, window + 64), PacketFault::window) << "windows do not change";
}

TEST(UcxBoxes, nothing_follows_a_goodbye) {
  Line line;
  ASSERT_EQ(line.out.append(FrameKind::goodbye, 0, {}), Push::ok);
  line.send();
  EXPECT_EQ(line.arrive(), PacketFault::none);
  EXPECT_TRUE(line.in.goodbye());
  ASSERT_EQ(line.out.append(FrameKind::routed, 0, {}), Push::ok);
  line.send();
  EXPECT_EQ(line.arrive(), PacketFault::frame);
}

}  // namespace
}  // namespace buddy::transport
