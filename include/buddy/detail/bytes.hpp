// Values from their bytes.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace buddy::detail {

/// Memory for a T, which memcpy() makes one.
template <class T>
union Slot {
  Slot() noexcept {}   // NOLINT(modernize-use-equals-default): that would be deleted
  ~Slot() noexcept {}  // NOLINT(modernize-use-equals-default): that would be deleted
  std::remove_const_t<T> value;
};
/// The T whose bytes are at \p from. Not by way of an array of bytes: compilers would really copy
/// it, twice, whatever part of the value is looked at.
template <class T>
std::remove_const_t<T> from_bytes(const std::byte* from) noexcept {
  Slot<T> slot;
  std::memcpy(static_cast<void*>(&slot.value), from, sizeof(T));
  return std::move(slot.value);
}

}  // namespace buddy::detail
