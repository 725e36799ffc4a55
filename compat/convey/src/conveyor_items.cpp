// Of conveyor: pushing and pulling.
#include <cstring>

#include "conveyor.hpp"

using namespace buddy::convey;

// ---- push -----------------------------------------------------------------------------------

int conveyor::check_push(const void* item, std::int64_t pe) const noexcept {
  if (state_ != State::working) return error_state;
  if (static_cast<std::uint64_t>(pe) >= shape_.pes) return error_range;
  if (item == nullptr) return error_usage;
  return convey_OK;
}

int conveyor::noted(int result) {
  if (result == convey_FAIL) world_.note_idle_call();
  return result;
}

int conveyor::push(const void* item, std::int64_t pe) {
  if (const int problem = check_push(item, pe); problem < 0) return problem;
  const auto dest = static_cast<std::size_t>(pe);
  return noted(is_elastic() ? outgoing_.epush(shape_.item_bytes, item, dest)
                            : outgoing_.push(item, dest));
}

int conveyor::epush(std::size_t bytes, const void* item, std::int64_t pe) {
  if (!is_elastic()) return error_rigid;
  if (const int problem = check_push(bytes == 0 ? this : item, pe); problem < 0) return problem;
  if (bytes > shape_.most_bytes) return error_too_large;
  return noted(outgoing_.epush(bytes, item, static_cast<std::size_t>(pe)));
}

// ---- pull -----------------------------------------------------------------------------------

std::int64_t conveyor::taken() const noexcept {
  if (is_elastic() || read == nullptr) return taken_;
  return taken_ + (read - inbox_.open().items) / static_cast<std::ptrdiff_t>(shape_.item_bytes);
}

bool conveyor::open_next() {
  const std::int64_t before = taken();
  if (!inbox_.open_next()) {
    world_.note_idle_call();
    return false;
  }
  taken_ = before;
  const Inbox::Pack& pack = inbox_.open();
  from = pack.source;
  if (is_elastic()) {
    elastic_read_ = pack.items;
    elastic_limit_ = pack.items + pack.bytes;
    before_ = nullptr;
  } else {
    read = pack.items;
    read_limit = pack.items + pack.bytes;
  }
  return true;
}

std::span<char> conveyor::peek() const noexcept {
  const Inbox::Pack& pack = inbox_.open();
  if (!is_elastic()) return {read, shape_.item_bytes};
  if (pack.is_large) return {pack.items, pack.bytes};
  const auto offset = static_cast<std::size_t>(elastic_read_ - pack.items);
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, pack.items + size_offset(offset), sizeof bytes);
  return {pack.items + data_offset(offset, shape_.align), bytes};
}

void conveyor::take(std::span<char> item) noexcept {
  char* const end = item.data() + item.size();
  if (!is_elastic()) {
    read = end;
    return;
  }
  before_ = elastic_read_;
  elastic_read_ = end;
  ++taken_;
}

int conveyor::pull(void* item, std::int64_t* from_pe) {
  if (state_ == State::dormant) return error_state;
  if (item == nullptr) return error_usage;
  if (!has_item()) return convey_FAIL;
  const std::span<char> next = peek();
  if (next.size() != shape_.item_bytes) return error_misfit;
  take(next);
  std::memcpy(item, next.data(), next.size());
  if (from_pe != nullptr) *from_pe = from;
  return convey_OK;
}

void* conveyor::apull(std::int64_t* from_pe) {
  if (state_ == State::dormant || !has_item()) return nullptr;
  const std::span<char> next = peek();
  if (next.size() != shape_.item_bytes) return nullptr;
  take(next);
  if (from_pe != nullptr) *from_pe = from;
  return next.data();
}

int conveyor::epull(convey_item_t& result) {
  if (!is_elastic()) return error_rigid;
  if (state_ == State::dormant) return error_state;
  if (!has_item()) return convey_FAIL;
  const std::span<char> next = peek();
  take(next);
  result = {next.size(), next.data(), from};
  return convey_OK;
}

int conveyor::unpull() {
  if (state_ == State::dormant) return error_state;
  if (state_ == State::complete) return convey_FAIL;
  if (is_elastic()) {
    if (before_ == nullptr) return convey_FAIL;
    elastic_read_ = before_;
    before_ = nullptr;
    --taken_;
  } else {
    if (read == nullptr || read == inbox_.open().items) return convey_FAIL;
    read -= shape_.item_bytes;
  }
  ++unpulls_;
  return convey_OK;
}
