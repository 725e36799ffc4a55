// A ring whose memory a hostile neighbour changes between any two steps.
// Input: 1 byte capacity, then steps: 1 byte what, and what it needs.
#include "arena/ring.hpp"

#include "fuzz/input.hpp"
#include "support/guarded.hpp"

namespace {

using buddy::arena::RingConsumer;
using buddy::arena::RingControl;
using buddy::arena::RingProducer;
using buddy::arena::Wakes;
using buddy::fuzz::Input;
using buddy::fuzz::require;
using buddy::wire::Frame;
using buddy::wire::FrameKind;
using buddy::wire::Peek;

void overwrite(Input& input, std::span<std::byte> data) {
  const std::size_t at = input.take<std::uint16_t>() % data.size();
  const auto bytes = input.take_bytes(16);
  const std::size_t size = std::min(bytes.size(), data.size() - at);
  if (size != 0) std::memcpy(data.data() + at, bytes.data(), size);
}

void look(RingConsumer& consumer, const buddy::test::Guarded& memory, bool release) {
  Frame frame;
  if (consumer.peek(frame) != Peek::ready) return;
  require(memory.contains(frame.body));
  require(frame.body.size() == frame.header.body_bytes);
  require(frame.header.kind > FrameKind::padding &&
          frame.header.kind <= buddy::wire::last_frame_kind);
  if (release) consumer.release(Wakes::neighbour);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t capacity = std::size_t{256} << (input.take<std::uint8_t>() % 3);
  const buddy::test::Guarded memory(buddy::arena::ring_bytes(capacity));
  auto* control = reinterpret_cast<RingControl*>(memory.bytes().data());
  RingConsumer consumer(memory.bytes());
  RingProducer producer(memory.bytes());
  while (!input.empty()) {
    switch (input.take<std::uint8_t>() % 8) {
      case 0: control->tail.store(input.take<std::uint64_t>()); break;
      case 1: control->tail.fetch_add(std::uint64_t{64} * input.take<std::uint8_t>()); break;
      case 2: control->head.store(input.take<std::uint64_t>()); break;
      case 3: control->producer_waits.store(input.take<std::uint8_t>()); break;
      case 4: overwrite(input, memory.bytes().subspan(sizeof(RingControl))); break;
      case 5: {
        const auto body = input.take_bytes(input.take<std::uint8_t>());
        if (body.size() <= capacity / 2 - 16) {
          producer.try_push(FrameKind::routed, 1, body, Wakes::neighbour);
        }
        producer.drained();
        break;
      }
      case 6: look(consumer, memory, false); break;
      default: look(consumer, memory, true);
    }
  }
  return 0;
}
