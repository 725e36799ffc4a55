#include "engine/engine_trace.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "support/scratch.hpp"

namespace buddy::engine {
namespace {

/// Where frames go that are pushed to nobody.
class FakeChannel final : public transport::Channel {
 public:
  explicit FakeChannel(std::span<const std::byte> last) : last_(last) {}
  wire::Push try_push(wire::FrameKind, std::uint64_t,
                      std::span<const std::byte>) noexcept override {
    return wire::Push::ok;
  }
  wire::Peek peek(wire::Frame&) noexcept override { return wire::Peek::empty; }
  void release() noexcept override {}
  bool drained() noexcept override { return true; }
  std::span<const std::byte> last_pushed() const noexcept override { return last_; }
  Status status() const override { return {}; }

 private:
  std::span<const std::byte> last_;
};

class EngineTraceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TraceWriter::create({.folder = folder_.path()});
    ASSERT_TRUE(made.ok()) << made.status().message();
    writer_ = std::move(made.value());
    trace_ = std::make_unique<EngineTrace>(writer_.get(), 2);
  }
  /// Ends the trace. \return its events as kind, offset into memory_, bytes
  std::vector<std::array<std::uint64_t, 3>> events() {
    const std::string path = writer_->path();
    writer_.reset();
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::array<std::uint64_t, 3>> found;
    for (std::size_t at = sizeof(TraceHeader); at < bytes.size(); at += sizeof(TraceEvent)) {
      TraceEvent event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      found.push_back({static_cast<std::uint64_t>(event.kind),
                       event.address - reinterpret_cast<std::uintptr_t>(memory_.data()),
                       event.bytes});
    }
    return found;
  }
  std::span<std::byte> part(std::size_t offset, std::size_t bytes) {
    return std::span(memory_).subspan(offset, bytes);
  }

  static constexpr std::uint64_t intake = 2;
  static constexpr std::uint64_t read = 3;
  static constexpr std::uint64_t write = 4;

  test::Scratch folder_;
  std::array<std::byte, 4096> memory_{};
  std::unique_ptr<TraceWriter> writer_;
  std::unique_ptr<EngineTrace> trace_;
};

TEST_F(EngineTraceTest, a_frame_counts_once_however_often_it_is_looked_at) {
  const wire::Frame frame{{100, wire::FrameKind::routed, 0, 1}, part(16, 100)};
  trace_->peeked(0, true, frame);
  trace_->peeked(0, true, frame);
  trace_->released(0);
  trace_->peeked(0, true, frame);
  trace_->peeked(1, false, frame);
  EXPECT_EQ(
      events(),
      (std::vector<std::array<std::uint64_t, 3>>{
          {intake, 0, 116}, {read, 0, 116}, {intake, 0, 116}, {read, 0, 116}, {read, 0, 116}}));
}

TEST_F(EngineTraceTest, a_block_is_written_as_it_grows_and_read_when_it_goes) {
  std::array<wire::BlockBuilder, 2> blocks;
  blocks[0].attach(part(0, 1024), wire::Form::final);
  blocks[1].attach(part(1024, 1024), wire::Form::final);
  const auto append = [&](std::size_t block) {
    ASSERT_TRUE(blocks[block].open_run(1, 8, 8));
    ASSERT_NE(blocks[block].try_extend(wire::BlockBuilder::key(1, 8), 8), nullptr);
  };
  append(0);
  trace_->appended(blocks);
  append(0);
  append(1);
  trace_->appended(blocks);
  trace_->appended(blocks);
  append(0);
  const FakeChannel channel(part(2048, 40));
  trace_->flushed(0, blocks[0].finish(), channel);
  blocks[0].clear();
  append(0);
  trace_->appended(blocks);
  EXPECT_EQ(events(), (std::vector<std::array<std::uint64_t, 3>>{{write, 0, 24},
                                                                 {write, 24, 8},
                                                                 {write, 1024, 24},
                                                                 {write, 32, 8},
                                                                 {read, 0, 40},
                                                                 {write, 2048, 40},
                                                                 {write, 0, 24}}));
}

TEST(EngineTraceOff, is_off) { EXPECT_FALSE(EngineTrace(nullptr, 5).on()); }

}  // namespace
}  // namespace buddy::engine
