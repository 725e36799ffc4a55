#include "transport/rings/ring_link.hpp"

#include <utility>

namespace buddy::transport {
namespace {

std::size_t file_bytes(const arena::Sizes& sizes) {
  return 2 * arena::ring_bytes(sizes.link_ring_bytes);
}

transport::RingChannel::Ends ends_of(std::span<std::byte> memory, const arena::Sizes& sizes,
                                     bool engine) {
  const std::size_t each = arena::ring_bytes(sizes.link_ring_bytes);
  const auto outbox = memory.subspan(0, each);
  const auto inbox = memory.subspan(each, each);
  return engine ? transport::RingChannel::Ends{inbox, outbox}
                : transport::RingChannel::Ends{outbox, inbox};
}

}  // namespace

RingLink::RingLink(arena::ShmFile file, arena::DoorbellSender doorbell_sender,
                   const arena::Sizes& sizes, End end)
    : file_(std::move(file)),
      doorbell_sender_(std::move(doorbell_sender)),
      channel_(ends_of(file_.bytes(), sizes, end == End::engine), &doorbell_sender_) {}

Result<std::unique_ptr<RingLink>> RingLink::create(const std::string& path,
                                                   const std::string& rank_doorbell,
                                                   const arena::Sizes& sizes) {
  auto file = arena::ShmFile::create(path, file_bytes(sizes));
  if (!file.ok()) return file.status();
  auto doorbell_sender = arena::DoorbellSender::open(rank_doorbell);
  if (!doorbell_sender.ok()) return doorbell_sender.status();
  return std::unique_ptr<RingLink>(new RingLink(
      std::move(file.value()), std::move(doorbell_sender.value()), sizes, End::engine));
}

Result<std::unique_ptr<RingLink>> RingLink::open(const std::string& path,
                                                 const std::string& engine_doorbell,
                                                 const arena::Sizes& sizes) {
  auto file = arena::ShmFile::open(path, file_bytes(sizes));
  if (!file.ok()) return file.status();
  auto doorbell_sender = arena::DoorbellSender::open(engine_doorbell);
  if (!doorbell_sender.ok()) return doorbell_sender.status();
  return std::unique_ptr<RingLink>(
      new RingLink(std::move(file.value()), std::move(doorbell_sender.value()), sizes, End::rank));
}

}  // namespace buddy::transport
