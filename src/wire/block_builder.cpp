#include "wire/block_builder.hpp"

namespace buddy::wire {

bool BlockBuilder::open_run(std::uint32_t handler, std::uint32_t item_bytes,
                            std::size_t stride) noexcept {
  // A handler may look like no_key: then there is a run only if one was opened.
  const std::uint64_t wanted = key(handler, item_bytes);
  if (wanted == at_.open_key && run_ != nullptr) {
    return static_cast<std::size_t>(at_.limit - at_.cursor) >= stride;  // the block is full
  }
  close_run();
  const std::size_t bytes = sizeof(RunHeader) + stride;
  if (static_cast<std::size_t>(at_.limit - at_.cursor) < bytes && !make_room_for_one(bytes)) {
    return false;
  }
  run_ = at_.cursor;
  store(run_, RunHeader{handler, item_bytes, 0, 0});
  at_.cursor += sizeof(RunHeader);
  at_.open_key = wanted;
  return true;
}

/// A run of one item that is larger than a block.
bool BlockBuilder::make_room_for_one(std::size_t bytes) noexcept {
  if (!empty() || bytes > largest_bytes_) return false;
  at_.limit = first_ + round_up_8(static_cast<std::uint32_t>(bytes));
  return true;
}

bool BlockBuilder::append_variable(std::uint32_t handler, const Item& item) noexcept {
  const std::uint32_t prefix = form_ == Form::routed ? 8 : 4;
  const std::size_t stride = prefix + item.payload.size();
  if (!open_run(handler, variable_items, stride)) return false;
  if (form_ == Form::routed) store(at_.cursor, item.dest);
  store(at_.cursor + prefix - 4, static_cast<std::uint32_t>(item.payload.size()));
  if (!item.payload.empty()) {
    std::memcpy(at_.cursor + prefix, item.payload.data(), item.payload.size());
  }
  at_.cursor += stride;
  ++variable_count_;
  return true;
}

void BlockBuilder::close_run() noexcept {
  if (run_ == nullptr) return;
  at_.open_key = AppendCursor::no_key;
  if (at_.cursor == run_ + sizeof(RunHeader)) {  // opened, but empty
    at_.cursor = run_;
    run_ = nullptr;
    return;
  }
  auto header = load<RunHeader>(run_);
  header.run_bytes = static_cast<std::uint32_t>(at_.cursor - (run_ + sizeof(RunHeader)));
  if (header.item_bytes == variable_items) {
    const std::uint32_t prefix = form_ == Form::routed ? 8 : 4;
    header.count = variable_count_;
    payload_bytes_ += header.run_bytes - prefix * header.count;
  } else {
    header.count = header.run_bytes / item_stride(header.item_bytes, form_);
    payload_bytes_ += header.item_bytes * header.count;
  }
  store(run_, header);
  records_ += header.count;
  variable_count_ = 0;
  run_ = nullptr;
  at_.cursor +=
      round_up_8(header.run_bytes) - header.run_bytes;  // the limit is 8-aligned: stays inside
}

std::span<const std::byte> BlockBuilder::finish() noexcept {
  close_run();
  return {first_, static_cast<std::size_t>(at_.cursor - first_)};
}

}  // namespace buddy::wire
