#include "wire/run.hpp"

namespace buddy::wire {

RunReader::Next RunReader::next(Run& run) noexcept {
  const std::size_t left = body_.size() - position_;
  if (left == 0) return Next::end;
  if (left < sizeof(RunHeader)) return Next::corrupt;
  run.header = load<RunHeader>(body_.data() + position_);
  run.items = body_.data() + position_ + sizeof(RunHeader);
  const RunHeader& h = run.header;
  if (h.run_bytes > left - sizeof(RunHeader) || h.count == 0) return Next::corrupt;
  if (h.item_bytes != variable_items) {
    if (h.item_bytes > max_body_bytes) return Next::corrupt;
    const std::uint64_t expected = std::uint64_t{h.count} * item_stride(h.item_bytes, form_);
    if (expected != h.run_bytes) return Next::corrupt;
  }
  const std::size_t used = sizeof(RunHeader) + round_up_8(h.run_bytes);
  position_ += static_cast<std::uint32_t>(used < left ? used : left);
  return Next::run;
}

bool ItemReader::next(Item& item) noexcept {
  const std::uint32_t prefix = form_ == Form::routed ? 8 : 4;
  if (left_ < prefix) return false;
  item.dest = form_ == Form::routed ? load<std::uint32_t>(at_) : 0;
  const auto length = load<std::uint32_t>(at_ + prefix - 4);
  if (length > left_ - prefix) return false;
  item.payload = {at_ + prefix, length};
  at_ += prefix + length;
  left_ -= prefix + length;
  return true;
}

std::int64_t count_messages(std::span<const std::byte> body, Form form) noexcept {
  RunReader reader(body, form);
  std::int64_t messages = 0;
  Run run;
  for (;;) {
    const RunReader::Next next = reader.next(run);
    if (next == RunReader::Next::end) return messages;
    if (next == RunReader::Next::corrupt) return -1;
    messages += run.header.count;
    if (run.header.item_bytes != variable_items) continue;
    ItemReader items(run, form);
    Item item;
    for (std::uint32_t i = 0; i < run.header.count; ++i) {
      if (!items.next(item)) return -1;
    }
    if (items.bytes_left() != 0) return -1;
  }
}

}  // namespace buddy::wire
