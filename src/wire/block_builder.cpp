#include "wire/block_builder.hpp"

namespace buddy::wire {

bool BlockBuilder::open_run(std::uint32_t handler, std::uint32_t item_bytes,
                            std::size_t stride) noexcept {
  // A handler may look like no_key: then there is a run only if one was opened.
  const std::uint64_t wanted = key(handler, item_bytes);
  if (wanted == key_ && run_ != nullptr) {
    return static_cast<std::size_t>(limit_ - cursor_) >= stride;  // the block is full
  }
  close_run();
  if (static_cast<std::size_t>(limit_ - cursor_) < sizeof(RunHeader) + stride) return false;
  run_ = cursor_;
  store(run_, RunHeader{handler, item_bytes, 0, 0});
  cursor_ += sizeof(RunHeader);
  key_ = wanted;
  return true;
}

bool BlockBuilder::append_variable(std::uint32_t handler, const Item& item) noexcept {
  const std::uint32_t prefix = form_ == Form::routed ? 8 : 4;
  const std::size_t stride = prefix + item.payload.size();
  if (!open_run(handler, variable_items, stride)) return false;
  if (form_ == Form::routed) store(cursor_, item.dest);
  store(cursor_ + prefix - 4, static_cast<std::uint32_t>(item.payload.size()));
  if (!item.payload.empty()) {
    std::memcpy(cursor_ + prefix, item.payload.data(), item.payload.size());
  }
  cursor_ += stride;
  ++variable_count_;
  return true;
}

void BlockBuilder::close_run() noexcept {
  if (run_ == nullptr) return;
  key_ = no_key;
  if (cursor_ == run_ + sizeof(RunHeader)) {  // opened in vain
    cursor_ = run_;
    run_ = nullptr;
    return;
  }
  auto header = load<RunHeader>(run_);
  header.run_bytes = static_cast<std::uint32_t>(cursor_ - (run_ + sizeof(RunHeader)));
  if (header.item_bytes == variable_items) {
    const std::uint32_t prefix = form_ == Form::routed ? 8 : 4;
    header.count = variable_count_;
    payload_bytes_ += header.run_bytes - std::uint64_t{prefix} * header.count;
  } else {
    header.count = header.run_bytes / item_stride(header.item_bytes, form_);
    payload_bytes_ += std::uint64_t{header.item_bytes} * header.count;
  }
  store(run_, header);
  records_ += header.count;
  variable_count_ = 0;
  run_ = nullptr;
  cursor_ += round_up_8(header.run_bytes) - header.run_bytes;  // limit_ is 8-aligned: stays inside
}

std::span<const std::byte> BlockBuilder::finish() noexcept {
  close_run();
  return {first_, static_cast<std::size_t>(cursor_ - first_)};
}

}  // namespace buddy::wire
