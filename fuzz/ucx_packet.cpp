// Packets from the network: header, window and frames, as a peer without scruples sends them.
// Input: packets; each 1 byte repair, 48 bytes header, 2 bytes size, frames.
// Repair bits put right what would otherwise be refused at once: sequence, size.
#include "transport/ucx/ucx_packet.hpp"

#include "fuzz/input.hpp"
#include "transport/ucx/ucx_inbox.hpp"
#include "wire/frame.hpp"

namespace {

using buddy::fuzz::require;
using buddy::transport::PacketFault;
using buddy::transport::PacketHeader;
using buddy::wire::Frame;
using buddy::wire::FrameKind;
using buddy::wire::Peek;

constexpr std::size_t frame_bytes = 256;

void consume(buddy::transport::UcxInbox& inbox, std::uint32_t most) {
  Frame frame;
  for (; most > 0 && inbox.peek(frame) == Peek::ready; --most) {
    require(frame.body.size() == frame.header.body_bytes);
    require(frame.body.size() <= frame_bytes);
    require(frame.header.kind > FrameKind::padding &&
            frame.header.kind <= buddy::wire::last_frame_kind);
    unsigned sum = 0;  // a sanitizer sees what is outside
    for (const std::byte byte : frame.body) sum += std::to_integer<unsigned>(byte);
    require(sum <= 255 * frame.body.size());
    inbox.release();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  buddy::fuzz::Input input(data, size);
  buddy::transport::UcxInbox inbox(buddy::transport::ucx_shape(frame_bytes, 1, 4096));
  std::uint64_t sequence = 0;
  while (!input.empty()) {
    const auto repair = input.take<std::uint8_t>();
    auto header = input.take<PacketHeader>();
    const auto payload = input.take_bytes(input.take<std::uint16_t>() % 4096);
    if ((repair & 1) != 0) header.sequence = sequence;
    if ((repair & 2) != 0) header.payload_bytes = static_cast<std::uint32_t>(payload.size());
    std::vector<std::byte> packet(sizeof header + payload.size());
    std::memcpy(packet.data(), &header, sizeof header);
    if (!payload.empty())
      std::memcpy(packet.data() + sizeof header, payload.data(), payload.size());
    bool goodbye = false;
    buddy::transport::check_frames(payload, frame_bytes, goodbye);
    const PacketFault fault = inbox.accept(header, packet);
    require(buddy::transport::describe(fault) != nullptr);
    if (fault != PacketFault::none) return 0;  // the peer would be disconnected
    ++sequence;
    consume(inbox, repair >> 4);
  }
  consume(inbox, 1'000'000);
  return 0;
}
