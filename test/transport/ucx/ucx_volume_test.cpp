// Much traffic through a connection of fixed size.
#include <unistd.h>

#include <cstdio>

#include "transport/ucx/ucx_test_pair.hpp"

namespace buddy::transport::test {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

/// Resident memory of this process, bytes.
std::size_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  unsigned long size = 0;
  unsigned long resident = 0;
  if (file == nullptr) return 0;
  if (std::fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
  std::fclose(file);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Moves \p count frames from agent 0 to agent 1, sleeping consumers included.
void move(Agents& agents, std::uint64_t count, const std::vector<std::byte>& body) {
  std::uint64_t pushed = 0;
  std::uint64_t received = 0;
  ASSERT_TRUE(agents.step_until([&] {
    for (int burst = 0; burst < 64 && pushed < count; ++burst) {
      if (agents.channel(0, 1).try_push(FrameKind::routed, pushed, body) != Push::ok) break;
      ++pushed;
    }
    for (Frame frame; agents.channel(1, 0).peek(frame) == Peek::ready;) {
      if (frame.header.records != received || frame.body.size() != body.size()) return true;
      agents.channel(1, 0).release();
      ++received;
    }
    return received == count;
  }));
  ASSERT_EQ(received, count);
}

void expect_no_growth(std::size_t body_bytes, std::uint64_t frames) {
  Agents agents(2, {.max_frame_bytes = 1 << 16});
  const auto body = pattern(body_bytes, 1);
  ASSERT_NO_FATAL_FAILURE(move(agents, frames / 10, body));
  const std::size_t before = resident_bytes();
  ASSERT_NO_FATAL_FAILURE(move(agents, frames, body));
  const std::size_t after = resident_bytes();
  std::printf("%zu KiB resident, then %zu KiB\n", before / 1024, after / 1024);
  EXPECT_LT(after, before + (std::size_t{4} << 20));
  ASSERT_TRUE(agents.step_until([&] { return agents.channel(0, 1).drained(); }));
}

TEST(UcxVolume, a_million_small_frames_take_no_memory) { expect_no_growth(24, 1'000'000); }

TEST(UcxVolume, ten_thousand_large_frames_take_no_memory) { expect_no_growth(1 << 16, 10'000); }

}  // namespace
}  // namespace buddy::transport::test
