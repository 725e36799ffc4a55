#include "comm/objects.hpp"

#include <atomic>
#include <buddy/error.hpp>

#include "base/stable_table.hpp"

namespace buddy::detail {
namespace {

/// By number. A handle may be used on another thread than the one that made it.
constinit StableTable<std::atomic<void*>> objects;
constinit std::atomic<std::uint32_t> free_block = 1;

}  // namespace

std::uint32_t next_free_block() noexcept { return free_block.load(std::memory_order_relaxed); }

bool take_block(std::uint32_t block) noexcept {
  std::uint32_t next = next_free_block();
  while (block >= next) {
    if (free_block.compare_exchange_weak(next, block + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void store_object(std::uint32_t id, void* object) {
  // Pairs with the acquire of lookup_object().
  objects.slot(id).store(object, std::memory_order_release);
}

void* lookup_object(std::uint32_t id) {
  const std::atomic<void*>* const slot = objects.find(id);
  // Pairs with the release of store_object().
  void* const object = slot == nullptr ? nullptr : slot->load(std::memory_order_acquire);
  if (object == nullptr) [[unlikely]] {
    throw Error(ErrorCode::invalid_argument,
                "a handle was used that refers to nothing on this rank (it was made by default, or "
                "by a communicator that this rank is not in) make it with handle() of a "
                "communicator of all its users");
  }
  return object;
}

}  // namespace buddy::detail
