// What the UCX fabric tells a trace.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/scratch.hpp"
#include "transport/ucx/ucx_packet.hpp"
#include "transport/ucx/ucx_test_pair.hpp"

namespace buddy::transport {
namespace {

using test::Agents;

std::vector<TraceEvent> events_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<TraceEvent> events((bytes.size() - sizeof(TraceHeader)) / sizeof(TraceEvent));
  std::memcpy(events.data(), bytes.data() + sizeof(TraceHeader),
              events.size() * sizeof(TraceEvent));
  return events;
}

TEST(UcxTrace, a_packet_is_written_sent_and_received) {
  const buddy::test::Scratch folder;
  auto writer = TraceWriter::create({.folder = folder.path()});
  ASSERT_TRUE(writer.ok()) << writer.status().message();
  std::uint64_t body_address = 0;
  {
    UcxOptions options;
    options.trace = writer.value().get();
    Agents agents(2, options);
    ASSERT_TRUE(agents.push(0, 1, std::vector<std::byte>(1000)));
    wire::Frame frame;
    ASSERT_TRUE(agents.receive(1, 0, frame));
    body_address = reinterpret_cast<std::uintptr_t>(frame.body.data());
    agents.channel(1, 0).release();
  }
  const std::string path = writer.value()->path();
  writer.value().reset();
  const auto events = events_of(path);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, TraceKind::write);
  EXPECT_EQ(events[1].kind, TraceKind::send);
  EXPECT_EQ(events[1].peer, 1u);
  EXPECT_EQ(events[0].address, events[1].address) << "the first frame takes the header with it";
  EXPECT_EQ(events[0].bytes, events[1].bytes);
  EXPECT_EQ(events[2].kind, TraceKind::receive);
  EXPECT_EQ(events[2].peer, 0u);
  EXPECT_EQ(events[2].bytes, events[1].bytes);
  EXPECT_EQ(events[2].address + sizeof(PacketHeader) + sizeof(wire::FrameHeader), body_address);
}

}  // namespace
}  // namespace buddy::transport
