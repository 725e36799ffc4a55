#include "comm/objects.hpp"

#include <vector>

namespace buddy::detail {
namespace {

std::vector<void*>& objects() {
  static std::vector<void*> table(1, nullptr);
  return table;
}

}  // namespace

std::uint32_t next_object_id() noexcept { return static_cast<std::uint32_t>(objects().size()); }

void store_object(std::uint32_t id, void* object) {
  if (id >= objects().size()) objects().resize(id + 1, nullptr);
  objects()[id] = object;
}

void* lookup_object(std::uint32_t id) noexcept {
  return id < objects().size() ? objects()[id] : nullptr;
}

}  // namespace buddy::detail
