#include <buddy/detail/handler_table.hpp>
#include <vector>

namespace buddy::detail {
namespace {

/// Filled by static initialisers of other files, in an order that does not include this one's.
std::vector<HandlerEntry>& table() {
  static std::vector<HandlerEntry> entries;
  return entries;
}

}  // namespace

std::uint32_t register_handler(const HandlerEntry& entry) {
  table().push_back(entry);
  return static_cast<std::uint32_t>(table().size() - 1);
}

std::span<const HandlerEntry> handler_table() noexcept { return table(); }

}  // namespace buddy::detail
