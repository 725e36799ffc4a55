#include "tools/scale/scale_rank.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "wire/run.hpp"

namespace buddy::tools {

using wire::BlockBuilder;
using wire::Form;
using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;
using wire::RunReader;

namespace {

/// Frames run between two looks at what is to be sent, as of a real rank.
constexpr int frames_per_turn = 16;
constexpr std::uint32_t handler = 1;

}  // namespace

ScaleRank::ScaleRank(const ScaleCase& job, RankId self, transport::Channel& link,
                     Deliveries& deliveries, std::span<std::byte> scratch, std::size_t block_bytes)
    : self_(self),
      link_(link),
      deliveries_(deliveries),
      destinations_(job, self.value),
      scratch_(scratch),
      block_bytes_(block_bytes),
      payload_bytes_(job.payload_bytes),
      left_(job.messages) {
  done_.epoch = 1;
}

std::uint32_t ScaleRank::fill(BlockBuilder& block) {
  const std::size_t stride = wire::item_stride(payload_bytes_, Form::routed);
  const std::uint64_t key = BlockBuilder::key(handler, payload_bytes_);
  if (!block.open_run(handler, payload_bytes_, stride)) return 0;
  std::uint32_t appended = 0;
  for (std::byte* item = nullptr; left_ != 0 && (item = block.try_extend(key, stride)) != nullptr;
       ++appended, --left_) {
    const std::uint32_t dest = destinations_.next();
    const Stamp stamp{self_.value, ++number_};
    wire::store(item, dest);
    wire::store(item + 4, stamp);
    std::memset(item + 4 + sizeof stamp, 0, payload_bytes_ - sizeof stamp);
    deliveries_.sent(dest, stamp);
  }
  return appended;
}

std::uint32_t ScaleRank::send_block() {
  if (!kept_.empty()) {
    if (hand_on(kept_, kept_records_)) kept_.clear();
    return 0;
  }
  BlockBuilder block;
  block.attach(scratch_, Form::routed, block_bytes_);
  const std::uint32_t appended = fill(block);
  const std::span<const std::byte> body = block.finish();
  kept_records_ = block.records();
  done_.sent += appended;
  if (!hand_on(body, kept_records_)) kept_.assign(body.begin(), body.end());
  return appended;
}

bool ScaleRank::hand_on(std::span<const std::byte> body, std::uint64_t records) {
  const Push pushed = link_.try_push(FrameKind::routed, records, body);
  if (pushed == Push::closed) fail("its link is closed");
  return pushed != Push::full;
}

std::uint32_t ScaleRank::run_arrived(std::uint64_t& messages) {
  std::uint32_t frames = 0;
  messages = 0;
  Frame frame;
  for (int i = 0; i < frames_per_turn; ++i) {
    const Peek peeked = link_.peek(frame);
    if (peeked == Peek::broken) fail("its link is broken");
    if (peeked != Peek::ready) break;
    if (frame.header.kind == FrameKind::final) {
      messages += run_block(frame.body);
    } else {
      take_control(frame);
    }
    link_.release();
    ++frames;
  }
  return frames;
}

std::uint64_t ScaleRank::run_block(std::span<const std::byte> body) {
  RunReader reader(body, Form::final);
  wire::Run run;
  std::uint64_t messages = 0;
  RunReader::Next next = RunReader::Next::end;
  while ((next = reader.next(run)) == RunReader::Next::run) {
    if (run.header.handler != handler || run.header.item_bytes != payload_bytes_) {
      fail("a message is none that was sent");
      return messages;
    }
    const std::size_t stride = wire::item_stride(payload_bytes_, Form::final);
    for (std::uint32_t i = 0; i < run.header.count; ++i) {
      deliveries_.arrived(self_.value, wire::load<Stamp>(run.items + i * stride));
    }
    messages += run.header.count;
  }
  if (next == RunReader::Next::corrupt) fail("a block is damaged");
  done_.handled += messages;
  ++done_.consumed_frames;
  return messages;
}

void ScaleRank::take_control(const Frame& frame) {
  if (frame.header.kind == FrameKind::release) {
    if (const auto release = wire::read_control<wire::BarrierRelease>(frame.body)) {
      passed_ = std::max(passed_, release->epoch);
      done_.epoch = passed_ + 1;
      return;
    }
  }
  if (frame.header.kind == FrameKind::failure) {
    status_ = wire::decode_failure(frame.body);
    return;
  }
  fail("a control frame is out of place");
}

bool ScaleRank::report() {
  if (done() || std::memcmp(&done_, &reported_, sizeof done_) == 0) return false;
  if (link_.try_push(FrameKind::report, 0, wire::bytes_of(done_)) != Push::ok) return false;
  reported_ = done_;
  return true;
}

void ScaleRank::fail(const char* what) {
  if (!status_.ok()) return;
  status_ = Status(ErrorCode::corrupt, "simulated rank " + std::to_string(self_.value) +
                                           " cannot go on (" + what + ") report it");
}

}  // namespace buddy::tools
