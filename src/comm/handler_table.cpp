#include <atomic>
#include <buddy/detail/handler_table.hpp>
#include <string>

#include "base/stable_table.hpp"
#include "comm/endpoint/bad_message.hpp"

namespace buddy::detail {
namespace {

/// Filled by static initialisers of other files, and by libraries that are loaded later, while
/// other threads read it.
constinit StableTable<HandlerEntry> table;
constinit std::atomic<std::uint32_t> count = 0;

}  // namespace

std::uint32_t register_handler(const HandlerEntry& entry) {
  // One at a time: initialisers run under the dynamic linker's lock.
  const std::uint32_t id = count.load(std::memory_order_relaxed);
  table.slot(id) = entry;
  // Pairs with the acquire of handler_count() and find_handler(): the entry is there.
  count.store(id + 1, std::memory_order_release);
  return id;
}

std::uint32_t handler_count() noexcept { return count.load(std::memory_order_acquire); }

const HandlerEntry* find_handler(std::uint32_t id) noexcept {
  return id < handler_count() ? table.find(id) : nullptr;
}

void throw_unreadable(const char* why) {
  throw comm::BadMessage(ErrorCode::corrupt, "the arguments of a message could not be read (" +
                                                 std::string(why) +
                                                 ") check that serialize() reads what it writes");
}

}  // namespace buddy::detail
